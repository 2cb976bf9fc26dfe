using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Tracing.Host;

namespace Tracing.Cli;

/// <summary>
/// What the simulated kernel saw in a run, as JSON: what a report on the run's trace must say. Counts are exact. Of every sum and maximum of times there are two bounds,
/// in nanoseconds, since the kernel and the driver read the clock at different moments; a true report lies between them.
/// </summary>
/// <param name="Workload">The workload that ran.</param>
/// <param name="Rejections">Calls the driver refused for their IRQL.</param>
/// <param name="LeakedMutexes">Pool blocks still allocated when the driver was gone.</param>
/// <param name="LeakedBytes">Their bytes.</param>
/// <param name="EventsWritten">Events in the trace.</param>
/// <param name="EventsLost">Events that found no buffer.</param>
/// <param name="Mutexes">Every KMUTEX there was, and every FAST_MUTEX that was asked for.</param>
internal sealed record TallyDocument(
    string Workload,
    ulong Rejections,
    int LeakedMutexes,
    long LeakedBytes,
    long EventsWritten,
    long EventsLost,
    IReadOnlyList<TallyMutex> Mutexes)
{
    /// <summary>Writes the tally of a run.</summary>
    public static void Write(string workload, RunOutcome outcome, Stream output)
    {
        Tally tally = outcome.Tally;
        TallyDocument document = new(
            workload,
            outcome.Result.Rejections,
            tally.PoolBlocks,
            tally.PoolBytes,
            outcome.Session.EventsWritten,
            outcome.Session.EventsLost,
            [.. tally.Mutexes.Select(TallyMutex.Of)]);
        JsonSerializer.Serialize(output, document, TallyContext.Default.TallyDocument);
        output.WriteByte((byte)'\n');
    }
}

/// <summary>One mutex of a <see cref="TallyDocument"/>.</summary>
/// <param name="Address">Its address in the run; pool is used again.</param>
/// <param name="Generation">From 0: how many of its kind were at the address before.</param>
/// <param name="IsFast">Whether it is a FAST_MUTEX.</param>
/// <param name="Acquires">Acquisitions, recursive ones included.</param>
/// <param name="Contended">Those that waited.</param>
/// <param name="Holds">Holds that ended.</param>
/// <param name="WaitTotalNs">Sum of the waits.</param>
/// <param name="WaitMaxNs">Longest wait.</param>
/// <param name="HoldTotalNs">Sum of the holds.</param>
/// <param name="HoldMaxNs">Longest hold.</param>
internal sealed record TallyMutex(
    string Address,
    int Generation,
    bool IsFast,
    long Acquires,
    long Contended,
    int Holds,
    Bounds WaitTotalNs,
    Bounds WaitMaxNs,
    Bounds HoldTotalNs,
    Bounds HoldMaxNs)
{
    private const long NanosecondsPerTick = 100; // the host's clock has 10 MHz

    public static TallyMutex Of(MutexTally mutex) => new(
        mutex.Address.ToString("x", CultureInfo.InvariantCulture),
        mutex.Generation,
        mutex.IsFast,
        mutex.Acquires,
        mutex.Contended,
        mutex.Holds.Count,
        Total(mutex.Waits),
        Longest(mutex.Waits),
        Total(mutex.Holds),
        Longest(mutex.Holds));

    private static Bounds Total(IReadOnlyList<TallyInterval> intervals) =>
        new(intervals.Sum(interval => interval.Inner) * NanosecondsPerTick, intervals.Sum(interval => interval.Outer) * NanosecondsPerTick);

    private static Bounds Longest(IReadOnlyList<TallyInterval> intervals) => intervals.Count == 0
        ? new Bounds(0, 0)
        : new Bounds(intervals.Max(interval => interval.Inner) * NanosecondsPerTick, intervals.Max(interval => interval.Outer) * NanosecondsPerTick);
}

/// <summary>The least and the most that a true report may say.</summary>
/// <param name="Least">Nanoseconds.</param>
/// <param name="Most">Nanoseconds.</param>
internal sealed record Bounds(long Least, long Most);

/// <summary>Serialises without reflection, as the reports do.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, NewLine = "\n")]
[JsonSerializable(typeof(TallyDocument))]
internal sealed partial class TallyContext : JsonSerializerContext;
