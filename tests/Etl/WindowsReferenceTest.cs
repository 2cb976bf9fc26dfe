using System.Xml.Linq;
using Microsoft.Diagnostics.Tracing;
using Tracing.Etl.TraceEvent;

namespace Tracing.Etl.Tests;

/// <summary>Windows' own reader, behind TraceEvent's ETWTraceEventSource, is the reference: what it delivers of the driver the bridge delivers too.</summary>
public sealed class WindowsReferenceTest
{
    private static readonly Guid Driver = Guid.Parse(
        XDocument.Load(Path.Combine(RealTraces.RepositoryRoot(), "manifest", "KMutex.man"))
            .Descendants().Single(element => element.Name.LocalName == "provider").Attribute("guid")!.Value);

    private sealed record Delivered(double TimeMs, int Id, int Version, int Thread, int Process, int Processor, string Payload);

    [Fact]
    public void The_bridge_delivers_of_each_sample_what_Windows_delivers()
    {
        Assert.SkipUnless(OperatingSystem.IsWindows(), "Only Windows has the reader that ETWTraceEventSource calls.");
        foreach (string path in Directory.EnumerateFiles(Path.Combine(RealTraces.RepositoryRoot(), "samples"), "*.etl"))
        {
            using var windows = new ETWTraceEventSource(path);
            using TraceEventDispatcher bridge = EtlTraceEventSource.Open(path);

            List<Delivered> expected = Deliver(windows);
            Assert.NotEmpty(expected);
            Assert.Equal(expected, Deliver(bridge));
        }
    }

    private static List<Delivered> Deliver(TraceEventDispatcher source)
    {
        List<Delivered> delivered = [];
        source.AllEvents += one =>
        {
            if (one.ProviderGuid == Driver)
            {
                delivered.Add(new Delivered(
                    Math.Round(one.TimeStampRelativeMSec, 4), (int)one.ID, one.Version, one.ThreadID, one.ProcessID, one.ProcessorNumber, Convert.ToHexString(one.EventData())));
            }
        };
        Assert.True(source.Process());
        return delivered;
    }
}
