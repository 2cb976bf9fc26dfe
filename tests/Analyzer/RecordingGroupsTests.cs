using Tracing.Analysis.Reading;
using Tracing.Analyzer.Tests.Files;
using Tracing.Etl;
using Tracing.Reports.Model;

namespace Tracing.Analyzer.Tests;

/// <summary>Which files are of one recording. A session of the tests lasts a second from its start.</summary>
public sealed class RecordingGroupsTests
{
    private const long Second = 10_000_000;
    private const long Noon = 133_000_000_000_000_000;
    private const long T = TraceBuilder.StartTicks;

    [Theory]
    [InlineData("a: 0", "a")]
    [InlineData("kernel: 0, user: 0.2", "kernel user")]
    [InlineData("first: 0, second: 1, third: 2", "first second third")]
    [InlineData("before: 0, after: 1.5", "before | after")]
    [InlineData("late: 5, early: 0", "early | late")]
    [InlineData("a: 0, b: 3, c: 0.5", "a c | b")]
    [InlineData("here: 0, there: 0 another boot", "here | there")]
    public void Files_of_one_boot_that_overlap_or_follow_at_once_are_one_recording(string files, string expected)
    {
        EtlFile[] opened = [.. files.Split(", ").Select(text => Open(text.Split(": ")[0], text.Split(": ")[1]))];

        Assert.Equal(expected, string.Join(" | ", RecordingGroups.Of(opened).Select(group => string.Join(' ', group.Select(file => file.Path)))));
        Array.ForEach(opened, file => file.Dispose());
    }

    [Fact]
    public void The_files_of_a_recording_are_read_as_one_in_the_order_of_time()
    {
        using EtlFile first = EtlFile.Open(new TraceBuilder()
            .Allocated(T + 10, mutex: 1, label: "Queue")
            .Acquired(T + 100, 11, mutex: 1, sequence: 1, acquiredAt: T + 100)
            .Acquired(T + 300, 12, mutex: 1, sequence: 2, acquiredAt: T + 250, requestedAt: T + 120).Build(), "1.etl");
        using EtlFile second = EtlFile.Open(new TraceBuilder()
            .Released(T + 200, 11, mutex: 1, sequence: 1, acquiredAt: T + 100, releasedAt: T + 200)
            .Released(T + 400, 12, mutex: 1, sequence: 2, acquiredAt: T + 250, releasedAt: T + 400).Build(), "2.etl");

        LockReport report = TraceReader.Read(EtlRecording.Of([first, second]), ReadingOptions.Default, null, TestContext.Current.CancellationToken);

        MutexRow mutex = Assert.Single(report.Mutexes);
        Assert.Equal(["1.etl", "2.etl"], report.Trace.Files);
        Assert.Equal((2, 13_000, 2, 25_000), (mutex.Acquires, mutex.Wait.TotalNs, mutex.Hold.Count, mutex.Hold.TotalNs));
        Assert.All(report.Trace.Identities, check => Assert.NotEqual(IdentityResult.Violated, check.Result));
    }

    /// <summary>A file by the second in which its session starts.</summary>
    private static EtlFile Open(string name, string start)
    {
        string[] words = start.Split(' ');
        long from = Noon + (long)(double.Parse(words[0], System.Globalization.CultureInfo.InvariantCulture) * Second);
        return EtlFile.Open(
            new TraceBuilder
            {
                Header = header => header with { StartTime = from, BootTime = Noon - (words.Length > 1 ? 100_000 * Second : 5_000 * Second) },
                End = from + Second,
            }.Started(T + 1).Build(),
            name);
    }
}
