using System.Globalization;
using Tracing.Analysis.Reading;
using Tracing.Etl;
using Tracing.Reports.Model;

namespace Tracing.Benchmarks;

/// <summary>What the whole analysis costs per lock event, from the file to the finished model.</summary>
internal static class AnalysisCost
{
    // Code is compiled anew once it is known to be used: the first runs are slow.
    private const int Rounds = 12;
    private const int LeastMillionsPerSecond = 15;
    private const int MostTimesUsual = 2;
    private const int LeastTimesTraceEvent = 3;
    private const int MostMebibytes = 400;

    /// <summary>The usual trace beside the same counting on TraceEvent, and two that are made to hurt, in processor time per event of the usual one.</summary>
    public static void Print(string folder, long events)
    {
        Console.WriteLine();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Analysis of about {events:N0} lock events, waits divided over holds; best of {Rounds}"));
        string path = Path.Combine(folder, "locks.etl");
        _ = LockTrace.Usual.Write(path, events);
        Measured usual = Reporting(LockTrace.Usual, path);
        Measured counting = new("acquires, waits and holds counted on TraceEvent", new FileInfo(path).Length, () => TraceEventCounting.Run(path));
        Measured.Run(Rounds, usual, counting);
        Console.WriteLine(usual.Line);
        Console.WriteLine(counting.Line);
        Bound("analysis, M events/s", usual.MillionsPerSecond, LeastMillionsPerSecond, isMost: false);
        Bound("analysis, speed of counting on TraceEvent", usual.SpeedOf(counting), LeastTimesTraceEvent, isMost: false);
        foreach (LockTrace trace in new[] { LockTrace.Convoy, LockTrace.Many })
        {
            _ = trace.Write(path, events);
            Measured run = Reporting(trace, path);
            Measured.Run(Rounds / 3, run);
            Console.WriteLine(run.Line);
            Bound($"{trace.Name}, times the usual per event", run.ProcessorNanosecondsEach / usual.ProcessorNanosecondsEach, MostTimesUsual, isMost: true);
        }

        File.Delete(path);
    }

    /// <summary>The usual trace with a tenth of the events and with all: whether time grows with it and memory does not.</summary>
    public static void PrintScale(string folder, long events)
    {
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{LockTrace.Usual.Name}; memory of this process that no file backs, at its peak; at most {MostMebibytes} MiB; best of 3"));
        double perEvent = 0;
        foreach (long size in new[] { events / 10, events })
        {
            string path = Path.Combine(folder, "locks.etl");
            _ = LockTrace.Usual.Write(path, size);
            Measured run = Reporting(LockTrace.Usual, path);
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            using PeakMemory peak = new();
            Measured.Run(3, run);
            Console.WriteLine(run.Line);
            Bound("analysis, M events/s", run.MillionsPerSecond, LeastMillionsPerSecond, isMost: false);
            Bound("peak memory, MiB", peak.Bytes / (double)(1 << 20), MostMebibytes, isMost: true);
            if (perEvent != 0)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"time per event, times that with a tenth of them: {1 / run.MillionsPerSecond / perEvent:N2}"));
            }

            perEvent = 1 / run.MillionsPerSecond;
            File.Delete(path);
        }
    }

    private static Measured Reporting(LockTrace trace, string path) => new(trace.Name, new FileInfo(path).Length, () =>
    {
        using EtlFile file = EtlFile.Open(path);
        LockReport report = TraceReader.Read(file);
        return report.Trace.DriverEventsRead;
    });

    private static void Bound(string name, double value, double bound, bool isMost) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{name,-50} {value,8:N2}   at {(isMost ? "most" : "least")} {bound}: {((isMost ? value <= bound : value >= bound) ? "yes" : "NO")}"));
}
