namespace Tracing.Reports.Model;

/// <summary>
/// A mutex that passed from waiter to waiter, its queue never empty: at each release somebody was already waiting, and got it. Each thread pays the
/// wait of all before it.
/// </summary>
/// <param name="MutexId">The mutex.</param>
/// <param name="Mutex">What to call it.</param>
/// <param name="OnsetNs">The first release of the longest run, in nanoseconds since the start of the recording.</param>
/// <param name="Length">Successive hand-offs to a thread that was already waiting, in the longest run.</param>
/// <param name="DurationNs">From there to its last acquire, in nanoseconds.</param>
/// <param name="CostNs">Sum of the waits in it, in nanoseconds.</param>
/// <param name="Runs">Runs of at least sixteen hand-offs.</param>
public sealed record Convoy(ulong MutexId, string Mutex, long OnsetNs, long Length, long DurationNs, long CostNs, long Runs)
{
    /// <summary>In a report of several recordings, the files of the one that it is of: its times count from the start of that. Empty otherwise.</summary>
    public string Recording { get; init; } = "";
}
