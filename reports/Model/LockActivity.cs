namespace Tracing.Reports.Model;

/// <summary>
/// What happened when: the time in which locks were used cut into blocks of equal width, and what each class of mutexes did in each. For a picture over time, and for
/// telling chance from change.
/// </summary>
/// <param name="StartNs">Where the first block begins, in nanoseconds since the start of the recording.</param>
/// <param name="BlockNs">Width of a block in nanoseconds; the last may be shorter.</param>
/// <param name="Blocks">How many blocks there are; 0 when no lock was used.</param>
/// <param name="Classes">The classes of mutexes that were used, by name.</param>
public sealed record LockActivity(long StartNs, long BlockNs, int Blocks, IReadOnlyList<ActivityClass> Classes);

/// <summary>The activity of the mutexes of one label and allocation site.</summary>
/// <param name="Label">The label; empty for none.</param>
/// <param name="Site">Where they were allocated; null where the trace does not say.</param>
/// <param name="Blocks">One entry per block of the recording.</param>
public sealed record ActivityClass(string Label, SourceSite? Site, IReadOnlyList<ActivityBlock> Blocks)
{
    /// <summary>What to call it.</summary>
    public string Name => Label.Length > 0 ? Label : Site?.Short ?? "(no label)";
}

/// <summary>What happened in one block of time. A wait counts where it ends, and so does a hold; only <paramref name="WaitingNs"/> is spread over all blocks of a wait.</summary>
/// <param name="Acquires">Successful acquires.</param>
/// <param name="Contended">Those of them that waited.</param>
/// <param name="Waits">Waits that were measured.</param>
/// <param name="WaitNs">Their sum in nanoseconds.</param>
/// <param name="Holds">Outermost holds that were measured.</param>
/// <param name="HoldNs">Their sum in nanoseconds.</param>
/// <param name="WaitingNs">Time that threads spent waiting within the block, in nanoseconds, of waits that were measured.</param>
public readonly record struct ActivityBlock(long Acquires, long Contended, long Waits, long WaitNs, long Holds, long HoldNs, long WaitingNs = 0);
