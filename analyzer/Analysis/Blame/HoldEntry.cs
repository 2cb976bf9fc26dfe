namespace Tracing.Analysis.Blame;

/// <summary>One outermost acquisition of a mutex, as far as it is known, with the hold that followed and the wait that it ended.</summary>
internal struct HoldEntry
{
    /// <summary>No list, no wait.</summary>
    public const int None = -1;

    /// <summary>Its number; 0 for what was before the first one known.</summary>
    public ulong Sequence;

    /// <summary>When, in ticks; 0 for a hold that began before anybody listened.</summary>
    public ulong AcquiredAt;

    /// <summary>The same, or for one that is disordered the time of the entry before it: never less than that.</summary>
    public ulong From;

    /// <summary>When the hold ended, in ticks; 0 while, or because, that is not known.</summary>
    public ulong ReleasedAt;

    /// <summary>How many numbers it stands for: its own and those of the acquires nested in it, as long as none is missing among them.</summary>
    public ulong Numbers;

    /// <summary>Index of the thread.</summary>
    public int Thread;

    /// <summary>Index of the call site.</summary>
    public int Site;

    /// <summary>The wait that ended with it, in the pool of waits.</summary>
    public int EndingWait;

    /// <summary>The first of a list of waits that began after it and before the next acquisition.</summary>
    public int BeginningWaits;

    /// <summary>What was seen of it.</summary>
    public HoldParts Seen;

    /// <summary>An acquire whose release event has not come.</summary>
    public readonly bool IsOpen => (Seen & (HoldParts.Acquire | HoldParts.Release)) == HoldParts.Acquire;

    /// <summary>Whether the time from <see cref="From"/> to <see cref="ReleasedAt"/> was a hold.</summary>
    public readonly bool IsKnown => ReleasedAt != 0 && (Seen & HoldParts.Disordered) == 0;
}

/// <summary>What was seen of an acquisition.</summary>
[Flags]
internal enum HoldParts : byte
{
    /// <summary>Nothing: it stands for what was before.</summary>
    None = 0,

    /// <summary>The event of the acquire.</summary>
    Acquire = 1,

    /// <summary>The event of the outermost release.</summary>
    Release = 2,

    /// <summary>Times that contradict those of other acquisitions: nothing is concluded from them.</summary>
    Disordered = 4,
}
