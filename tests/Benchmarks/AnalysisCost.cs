using System.Globalization;

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
    private const int RoundsOfScale = 5;
    private const double MostTimesForTerminal = 1.5;
    private const int MostSecondsForPage = 2;
    private const int MostMebibytesForPage = 200;
    private const int MostTimesForTenTimes = 11;

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
            Measured.Run(Rounds, run);
            Console.WriteLine(run.Line);
            Bound($"{trace.Name}, times the usual per event", run.ProcessorNanosecondsEach / usual.ProcessorNanosecondsEach, MostTimesUsual, isMost: true);
        }

        File.Delete(path);
    }

    /// <summary>The usual trace with a tenth of the events and with all: whether time grows with it and memory does not. And what it costs to write the report.</summary>
    public static void PrintScale(string folder, long events)
    {
        string path = Path.Combine(folder, "locks.etl");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{LockTrace.Usual.Name}; memory of this process that no file backs, at its peak; best of {RoundsOfScale}"));
        _ = LockTrace.Usual.Write(path, events / 10);
        Cost tenth = CostOf(Reporting(LockTrace.Usual, path));
        Cost terminal = CostOf(new Measured("the same, to the terminal report", new FileInfo(path).Length, () => Passes.Terminal(path)));
        Cost page = CostOf(new Measured("the same, to the HTML page", new FileInfo(path).Length, () => Passes.Page(path)));
        Bound("terminal report, times the analysis", terminal.Time / tenth.Time, MostTimesForTerminal, isMost: true);
        Bound("page, seconds more than the analysis", (page.Time - tenth.Time).TotalSeconds, MostSecondsForPage, isMost: true);
        Bound("page, MiB more than the analysis", page.Mebibytes - tenth.Mebibytes, MostMebibytesForPage, isMost: true);
        _ = LockTrace.Usual.Write(path, events);
        Measured run = Reporting(LockTrace.Usual, path);
        Cost all = CostOf(run);
        Bound("analysis, M events/s", run.MillionsPerSecond, LeastMillionsPerSecond, isMost: false);
        Bound("analysis, MiB", all.Mebibytes, MostMebibytes, isMost: true);
        Bound("ten times the events, times the time", all.Time / tenth.Time, MostTimesForTenTimes, isMost: true);
        File.Delete(path);
    }

    /// <summary>The same over a compressed file, which leaves room on the disk for more: each once, since it takes minutes.</summary>
    public static void PrintLength(string folder, long events)
    {
        string path = Path.Combine(folder, "locks.etl");
        TimeSpan tenth = TimeSpan.Zero;
        foreach (long length in new[] { events / 10, events })
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{LockTrace.Usual.Name}, about {length:N0} events, compressed"));
            _ = LockTrace.Usual.Write(path, length, compress: true);
            Cost cost = CostOf(Reporting(LockTrace.Usual, path), rounds: 1);
            Bound("analysis, MiB", cost.Mebibytes, MostMebibytes, isMost: true);
            if (tenth > TimeSpan.Zero)
            {
                Bound("ten times the events, times the time", cost.Time / tenth, MostTimesForTenTimes, isMost: true);
            }

            tenth = cost.Time;
        }

        File.Delete(path);
    }

    private static Cost CostOf(Measured run, int rounds = RoundsOfScale)
    {
        // What an earlier pass left behind is not this one's.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using PeakMemory peak = new();
        Measured.Run(rounds, run);
        double mebibytes = peak.Bytes / (double)(1 << 20);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{run.Line} {mebibytes,6:N0} MiB"));
        return new Cost(run.Elapsed, mebibytes);
    }

    private static Measured Reporting(LockTrace trace, string path) => new(trace.Name, new FileInfo(path).Length, () => Passes.Report(path));

    private static void Bound(string name, double value, double bound, bool isMost) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{name,-50} {value,8:N2}   at {(isMost ? "most" : "least")} {bound}: {((isMost ? value <= bound : value >= bound) ? "yes" : "NO")}"));

    private readonly record struct Cost(TimeSpan Time, double Mebibytes);
}
