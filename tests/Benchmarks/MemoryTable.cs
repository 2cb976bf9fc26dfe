using System.Diagnostics;
using System.Globalization;

namespace Tracing.Benchmarks;

/// <summary>How much memory each pass takes at its peak, over a file far larger than that.</summary>
internal static class MemoryTable
{
    private const int MostMebibytes = 200;

    public static void Print(string folder, long events)
    {
        string path = Path.Combine(folder, "large.etl");
        SyntheticTrace.Write(path, events, compress: false);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{events:N0} events, {new FileInfo(path).Length / 1e9:N2} GB; memory of this process that no file backs, at its peak; at most {MostMebibytes} MiB"));
        Print("walk and count by provider and id", () => Passes.Census(path));
        Print("time-ordered stream", () => Passes.Timeline(path));
        Print("TraceEvent over the bridge, no parser", () => Passes.Bridge(path));
        Print("from file to finished report", () => Passes.Report(path));
    }

    private static void Print(string name, Func<long> pass)
    {
        // What an earlier pass left behind is not this one's.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using PeakMemory peak = new();
        long started = Stopwatch.GetTimestamp();
        long records = pass();
        TimeSpan elapsed = Stopwatch.GetElapsedTime(started);
        double mebibytes = peak.Bytes / (double)(1 << 20);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-40} {records,14:N0} records {elapsed.TotalSeconds,7:N1} s {mebibytes,7:N0} MiB {(mebibytes <= MostMebibytes ? "yes" : "NO")}"));
    }
}
