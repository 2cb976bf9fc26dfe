using System.Diagnostics;
using System.Globalization;

namespace Tracing.Benchmarks;

/// <summary>The best of several runs of one thing, and how it is shown. The best, since all that disturbs a run only makes it slower.</summary>
/// <param name="Name">What was done.</param>
/// <param name="Elapsed">How long the fastest run took.</param>
/// <param name="Processor">Processor time of this process in the run that took the least of it: what stays comparable where the machine has other work too.</param>
/// <param name="Count">How many records or events one run took in; 0 where bytes are all there is to count.</param>
/// <param name="Bytes">How many bytes of file one run took in.</param>
internal sealed record Measured(string Name, TimeSpan Elapsed, TimeSpan Processor, long Count, long Bytes)
{
    public static Measured Best(string name, long bytes, int runs, Func<long> run)
    {
        TimeSpan best = TimeSpan.MaxValue;
        TimeSpan leastProcessor = TimeSpan.MaxValue;
        long count = 0;
        for (int i = 0; i < runs; i++)
        {
            TimeSpan processor = Environment.CpuUsage.TotalTime;
            long started = Stopwatch.GetTimestamp();
            count = run();
            TimeSpan elapsed = Stopwatch.GetElapsedTime(started);
            processor = Environment.CpuUsage.TotalTime - processor;
            best = elapsed < best ? elapsed : best;
            leastProcessor = processor < leastProcessor ? processor : leastProcessor;
        }

        return new Measured(name, best, leastProcessor, count, bytes);
    }

    /// <summary>One line of a table, with the time as a ratio to that of <paramref name="reference"/>.</summary>
    public string Line(Measured reference) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name,-44} {Elapsed.TotalMilliseconds,9:N0} ms {(Count == 0 ? "" : $"{Count / Elapsed.TotalSeconds / 1e6:N1} M/s"),12} {Bytes / Elapsed.TotalSeconds / 1e9,8:N2} GB/s {(Count == 0 ? "" : $"{Processor.TotalNanoseconds / Count:N0} ns CPU each"),16} {Elapsed / reference.Elapsed,8:N2} x {reference.Name}");
}
