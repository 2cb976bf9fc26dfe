using Tracing.Analysis.Loads;
using Tracing.Analysis.Mutexes;
using Tracing.Reports.Model;

namespace Tracing.Analysis.Timelines;

/// <summary>A hold or a wait, in ticks of the driver's clock.</summary>
/// <param name="Load">The life of the driver it belongs to.</param>
/// <param name="Mutex">The mutex.</param>
/// <param name="From">First tick that is certain.</param>
/// <param name="To">Last tick, not before the first.</param>
/// <param name="ThreadId">Who held or waited.</param>
/// <param name="SiteId">Where the acquire stands; 0 for unknown.</param>
/// <param name="Ending">How it ended.</param>
public readonly record struct TimedInterval(
    DriverLoad Load, MutexLedger Mutex, ulong From, ulong To, int ThreadId, uint SiteId, IntervalEnding Ending)
{
    /// <summary>Its length in ticks.</summary>
    public ulong Ticks => To - From;

    /// <summary>By start, then by thread, mutex and end.</summary>
    public static int EarliestFirst(TimedInterval a, TimedInterval b)
    {
        int order = a.From.CompareTo(b.From);
        order = order != 0 ? order : a.ThreadId.CompareTo(b.ThreadId);
        order = order != 0 ? order : a.Mutex.Id.CompareTo(b.Mutex.Id);
        return order != 0 ? order : a.To.CompareTo(b.To);
    }
}
