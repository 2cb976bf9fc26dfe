using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Etlx;
using Microsoft.Diagnostics.Tracing.Parsers;
using Microsoft.Diagnostics.Tracing.Parsers.Clr;
using Tracing.Etl.TraceEvent;
using Event = Microsoft.Diagnostics.Tracing.TraceEvent;

namespace Tracing.Etl.Tests;

/// <summary>
/// PerfView's own regression baselines, made on Windows from the same traces: of each type of event the first five in full, and the number of all. Times, names, ids,
/// processors, sizes and counts must be the same when TraceEvent reads the traces here.
/// </summary>
public sealed partial class BaselineTest
{
    private const int ShownPerType = 5;
    private const string MadeUp = "KernelTraceControl/MetaData/EventInfo";

    /// <summary>Types named by a schema that is inside Windows, as the baseline calls them and as they are called without it.</summary>
    private static readonly Dictionary<string, string> NamedByWindows = new()
    {
        ["MSNT_SystemTrace/Image/KernelBase"] = "Windows Kernel/Image/Opcode(33)",
        ["MSNT_SystemTrace/SystemConfig/Platform"] = "Windows Kernel/SystemConfig/Opcode(25)",
    };

    /// <summary>Types that the baselines leave out: on the Windows they were made on, nothing knew them.</summary>
    private static readonly HashSet<string> LeftOutByBaseline =
    [
        "Windows Kernel/Image/Opcode(34)",
        "Windows Kernel/SystemConfig/Opcode(18)",
        "Windows Kernel/SystemConfig/Opcode(28)",
    ];

    [Theory]
    [InlineData("gcevents", 52, 21)]
    [InlineData("net.4.5.2.x64", 480, 152)]
    [InlineData("primitive-types", 6, 2)]
    public void Every_line_is_the_same(string name, int events, int types)
    {
        string[] baseline = File.ReadAllLines(RealTraces.PathOf(name + ".baseline.txt"));
        List<string> expected = [.. baseline.Where(line => line.StartsWith("EVENT ", StringComparison.Ordinal)).Select(line => Rename(EventLine(line)))];
        List<string> expectedCounts = [.. baseline.Where(line => line.StartsWith("COUNT ", StringComparison.Ordinal)).Select(Rename).Order(StringComparer.Ordinal)];
        Assert.Equal((events, types), (expected.Count, expectedCounts.Count));

        (List<string> lines, List<string> counts) = Read(RealTraces.PathOf(name + ".etl"));
        if (name == "primitive-types")
        {
            // The one event that is made up, so that TraceEvent knows the TraceLogging events. Windows itself knows them.
            Assert.Equal(1, lines.RemoveAll(line => line.Contains(MadeUp, StringComparison.Ordinal)));
            Assert.Equal(1, counts.RemoveAll(line => line.Contains(MadeUp, StringComparison.Ordinal)));
        }

        Assert.Equal(expectedCounts, counts);
        Assert.Equal(expected, lines);
    }

    // The baselines were made through a TraceLog, which attaches stacks to events and drops the records they came in.
    private static (List<string> Lines, List<string> Counts) Read(string path)
    {
        string etlx = Path.GetTempFileName();
        try
        {
            using (TraceEventDispatcher trace = EtlTraceEventSource.Open(path))
            {
                TraceLog.CreateFromEventTraceLogFile(trace, etlx);
            }

            using TraceLog log = new(etlx);
            using TraceLogEventSource source = log.Events.GetSource();
            Subscribe(source);
            SortedDictionary<string, int> counts = new(StringComparer.Ordinal);
            List<string> lines = [];
            source.AllEvents += e =>
            {
                string type = $"{e.ProviderName}/{e.EventName}";
                int count = counts[type] = counts.GetValueOrDefault(type) + 1;
                if (count <= ShownPerType && !LeftOutByBaseline.Contains(type))
                {
                    lines.Add(Line(e, type));
                }
            };
            source.Process();
            return (lines, [.. counts.Where(count => !LeftOutByBaseline.Contains(count.Key)).Select(count => $"COUNT {count.Key}:{count.Value}").Order(StringComparer.Ordinal)]);
        }
        finally
        {
            File.Delete(etlx);
        }
    }

    // A parser takes part once something is subscribed to it.
    private static void Subscribe(TraceEventDispatcher source)
    {
        source.Kernel.All += Ignore;
        source.Clr.All += Ignore;
        source.Dynamic.All += Ignore;
        new ClrRundownTraceEventParser(source).All += Ignore;
        new ClrPrivateTraceEventParser(source).All += Ignore;
        new SymbolTraceEventParser(source).All += Ignore;

        static void Ignore(Event e)
        {
        }
    }

    // Ticks are 100 ns here. The baselines round their halves up, which must be done in decimal, since no double is exactly a half of them.
    private static string Line(Event e, string type)
    {
        decimal time = Math.Round(Math.Round((decimal)e.TimeStampRelativeMSec, 4), 3, MidpointRounding.AwayFromZero);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"EVENT {time:n3}: {type} PID={e.ProcessID}; TID={e.ThreadID}; ProceNum={e.ProcessorNumber}; DataLen={e.EventDataLength};");
    }

    // Cuts a baseline's line after the length of the payload, and takes out the name of the process, which TraceLog makes up from other events.
    private static string EventLine(string line)
    {
        Match match = FixedPart().Match(line);
        Assert.True(match.Success, line);
        return match.Groups[1].Value + match.Groups[2].Value;
    }

    private static string Rename(string line)
    {
        foreach ((string known, string unknown) in NamedByWindows)
        {
            line = line.Replace(known, unknown, StringComparison.Ordinal);
        }

        return line;
    }

    [GeneratedRegex("^(EVENT .*?TID=-?[0-9]+; )PName=[^;]*; (ProceNum=[0-9]+; DataLen=[0-9]+;)")]
    private static partial Regex FixedPart();
}
