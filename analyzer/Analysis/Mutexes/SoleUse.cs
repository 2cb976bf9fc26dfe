namespace Tracing.Analysis.Mutexes;

/// <summary>The only use of a mutex so far: an outermost acquire that did not wait, and its release, if that has come.</summary>
/// <param name="Sequence">The number of the acquire; 0 while there is none.</param>
/// <param name="AcquiredAt">When, in ticks.</param>
/// <param name="ReleasedAt">When the hold ended, in ticks; 0 while it has not.</param>
/// <param name="Thread">Who, by the index of the thread.</param>
/// <param name="Site">Where the acquire stands, by the index of the call site.</param>
/// <param name="Flags">What was said of the acquire: raw values of the manifest's AcquiredFlags.</param>
internal record struct SoleUse(ulong Sequence, ulong AcquiredAt, ulong ReleasedAt, int Thread, int Site, byte Flags)
{
    /// <summary>Whether the mutex was used at all.</summary>
    public readonly bool Any => Sequence != 0;

    /// <summary>Whether the release is still to come.</summary>
    public readonly bool IsOpen => Any && ReleasedAt == 0;
}
