using System.Globalization;
using Tracing.Benchmarks.NetTrace;

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

    /// <summary>The usual trace beside the same counting on TraceEvent, and some that are made to hurt, in processor time per event of the usual one.</summary>
    public static void Print(string folder, long events)
    {
        Console.WriteLine();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Analysis of about {events:N0} lock events, waits divided over holds; best of {Rounds}"));
        string path = Path.Combine(folder, "locks.etl");
        _ = LockTrace.Usual.Write(path, events);
        Measured usual = Reporting(LockTrace.Usual, path);
        string netTrace = Path.Combine(folder, "locks.nettrace");
        string ordered = Path.Combine(folder, "ordered.nettrace");
        _ = LockTrace.Usual.WriteNetTrace(netTrace, events, NetTraceOrder.ByThread);
        _ = LockTrace.Usual.WriteNetTrace(ordered, events, NetTraceOrder.ByTime);
        CheckCountings(path, netTrace, ordered);
        Measured bridge = new("counted on TraceEvent over our bridge", new FileInfo(path).Length, () => TraceEventCounting.OverBridge(path).Events);
        Measured own = new("counted on TraceEvent with its own reader", new FileInfo(netTrace).Length, () => TraceEventCounting.OverOwnReader(netTrace).Events);
        Measured easy = new("the same, from a file in the order of time", new FileInfo(ordered).Length, () => TraceEventCounting.OverOwnReader(ordered).Events);
        Measured[] all = [usual, bridge, own, easy];
        Measured.Run(Rounds, all);
        Array.ForEach(all, one => Console.WriteLine(one.Line));
        Bound("analysis, M events/s", usual.MillionsPerSecond, LeastMillionsPerSecond, isMost: false);
        Bound("analysis, speed of TraceEvent with its own reader", usual.SpeedOf(own), LeastTimesTraceEvent, isMost: false);
        Ratio("the same, from a file in the order of time", usual.SpeedOf(easy));
        Ratio("analysis, speed of TraceEvent over our bridge", usual.SpeedOf(bridge));
        File.Delete(netTrace);
        File.Delete(ordered);
        string hurting = Path.Combine(folder, "hurting.etl");
        foreach (LockTrace trace in new[] { LockTrace.Convoy, LockTrace.Many, LockTrace.Lives })
        {
            _ = trace.Write(hurting, events);
            Measured run = Reporting(trace, hurting);

            // In turn with it, since what else the machine does changes from minute to minute.
            Measured beside = Reporting(LockTrace.Usual, path);
            Measured.Run(Rounds, beside, run);
            Console.WriteLine(run.Line);
            Bound($"{trace.Name}, times the usual per event", run.ProcessorNanosecondsEach / beside.ProcessorNanosecondsEach, MostTimesUsual, isMost: true);
            Measured shown = Terminal(hurting);
            Measured.Run(RoundsOfScale, shown);
            Console.WriteLine(shown.Line);
        }

        File.Delete(hurting);
        File.Delete(path);
    }

    /// <summary>The usual trace with a tenth of the events and with all: whether time grows with it and memory does not. And what it costs to write the report.</summary>
    public static void PrintScale(string folder, long events)
    {
        string path = Path.Combine(folder, "locks.etl");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{LockTrace.Usual.Name}; memory of this process that no file backs, at its peak; best of {RoundsOfScale}"));
        _ = LockTrace.Usual.Write(path, events / 10);
        Cost tenth = CostOf(Reporting(LockTrace.Usual, path));
        Cost terminal = CostOf(Terminal(path));
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

    /// <summary>Nothing is compared before all files are known to give the same counts.</summary>
    private static void CheckCountings(string path, params IReadOnlyList<string> netTraces)
    {
        TraceEventCounting bridge = TraceEventCounting.OverBridge(path);
        foreach (string netTrace in netTraces)
        {
            TraceEventCounting own = TraceEventCounting.OverOwnReader(netTrace);
            if (bridge.Events != own.Events || bridge.EventsLost + own.EventsLost > 0 || !bridge.All.SequenceEqual(own.All))
            {
                throw new InvalidOperationException($"Over the bridge TraceEvent counts {bridge.Events} events, with its own reader {own.Events} of {netTrace}, or not the same of each.");
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"TraceEvent counts {bridge.Events:N0} events over our bridge and with its own reader, the same in each of {bridge.All.Count:N0} accounts"));
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

    private static Measured Terminal(string path) => new("the same, to the terminal report", new FileInfo(path).Length, () => Passes.Terminal(path));

    private static Measured Reporting(LockTrace trace, string path) => new(trace.Name, new FileInfo(path).Length, () => Passes.Report(path));

    private static void Bound(string name, double value, double bound, bool isMost) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{name,-50} {value,8:N2}   at {(isMost ? "most" : "least")} {bound}: {((isMost ? value <= bound : value >= bound) ? "yes" : "NO")}"));

    private static void Ratio(string name, double value) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-50} {value,8:N2}"));

    private readonly record struct Cost(TimeSpan Time, double Mebibytes);
}
