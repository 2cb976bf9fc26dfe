using System.Diagnostics;
using System.Globalization;

namespace Tracing.Benchmarks;

/// <summary>The best of several runs of one thing, and how it is shown. The best, since all that disturbs a run only makes it slower.</summary>
/// <param name="Name">What was done.</param>
/// <param name="Elapsed">How long the fastest run took.</param>
/// <param name="Count">How many records or events one run took in; 0 where bytes are all there is to count.</param>
/// <param name="Bytes">How many bytes of file one run took in.</param>
internal sealed record Measured(string Name, TimeSpan Elapsed, long Count, long Bytes)
{
    public static Measured Best(string name, long bytes, int runs, Func<long> run)
    {
        TimeSpan best = TimeSpan.MaxValue;
        long count = 0;
        for (int i = 0; i < runs; i++)
        {
            long started = Stopwatch.GetTimestamp();
            count = run();
            TimeSpan elapsed = Stopwatch.GetElapsedTime(started);
            best = elapsed < best ? elapsed : best;
        }

        return new Measured(name, best, count, bytes);
    }

    /// <summary>One line of a table, with the time as a ratio to that of <paramref name="reference"/>.</summary>
    public string Line(Measured reference) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Name,-44} {Elapsed.TotalMilliseconds,9:N0} ms {(Count == 0 ? "" : $"{Count / Elapsed.TotalSeconds / 1e6:N1} M/s"),12} {Bytes / Elapsed.TotalSeconds / 1e9,8:N2} GB/s {Elapsed / reference.Elapsed,8:N2} x {reference.Name}");
}
