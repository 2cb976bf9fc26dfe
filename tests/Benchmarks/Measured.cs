using System.Diagnostics;
using System.Globalization;

namespace Tracing.Benchmarks;

/// <summary>
/// One thing that is run again and again, and the best of its runs. The best, since all that disturbs a run only makes it slower. The things of a table take turns, so
/// that what disturbs a while disturbs all of them.
/// </summary>
/// <param name="name">What is done.</param>
/// <param name="bytes">How many bytes of records one run takes in.</param>
/// <param name="run">Does it, and says how many records or events it took in; 0 where bytes are all there is to count.</param>
internal sealed class Measured(string name, long bytes, Func<long> run)
{
    private long _count;
    private TimeSpan _processor = TimeSpan.MaxValue;

    public string Name => name;

    /// <summary>How long the fastest run took.</summary>
    public TimeSpan Elapsed { get; private set; } = TimeSpan.MaxValue;

    /// <summary>Processor time per record, over all threads, of the run that took the least of it, in nanoseconds.</summary>
    public double ProcessorNanosecondsEach => _processor.TotalNanoseconds / _count;

    /// <summary>Millions of records per second.</summary>
    public double MillionsPerSecond => _count / Elapsed.TotalSeconds / 1e6;

    /// <summary>Billions of bytes per second.</summary>
    public double GigabytesPerSecond => bytes / Elapsed.TotalSeconds / 1e9;

    /// <summary>Runs all of them in turns.</summary>
    public static void Run(int rounds, params IReadOnlyList<Measured> all)
    {
        for (int i = 0; i < rounds; i++)
        {
            foreach (Measured one in all)
            {
                one.Run();
            }
        }
    }

    /// <summary>How fast this is in terms of another: 2 is twice as fast.</summary>
    public double SpeedOf(Measured other) => other.Elapsed / Elapsed;

    /// <summary>
    /// One line of a table. Processor time is that of the run that took the least of it, over all threads: it stays comparable where the machine has other work too.
    /// </summary>
    public string Line => string.Create(
        CultureInfo.InvariantCulture,
        $"{name,-50} {Elapsed.TotalMilliseconds,8:N1} ms {(_count == 0 ? "" : $"{MillionsPerSecond:N1} M/s"),11} {GigabytesPerSecond,7:N2} GB/s {(_count == 0 ? "" : $"{_processor.TotalNanoseconds / _count:N0} ns CPU each"),16}");

    private void Run()
    {
        TimeSpan processor = Environment.CpuUsage.TotalTime;
        long started = Stopwatch.GetTimestamp();
        _count = run();
        TimeSpan elapsed = Stopwatch.GetElapsedTime(started);
        processor = Environment.CpuUsage.TotalTime - processor;
        Elapsed = elapsed < Elapsed ? elapsed : Elapsed;
        _processor = processor < _processor ? processor : _processor;
    }
}
