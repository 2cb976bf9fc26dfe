namespace Tracing.Analysis.Mutexes;

/// <summary>An outermost acquire whose release has not been seen.</summary>
/// <param name="Sequence">Its number.</param>
/// <param name="AcquiredAt">When, in ticks.</param>
/// <param name="ThreadId">Who.</param>
/// <param name="SiteId">Where the acquire stands; 0 for unknown.</param>
public readonly record struct OpenHold(ulong Sequence, ulong AcquiredAt, int ThreadId, uint SiteId);

/// <summary>
/// Outermost acquires of one mutex that wait for their release event. One is the rule: the current hold. More occur because the driver writes a
/// release after the mutex has passed on, so that the next acquire may come first, and because events get lost.
/// </summary>
/// <remarks>A mutable struct, to be used as a field and never copied while in use.</remarks>
public struct OpenHolds
{
    // A thread is seldom kept from writing its release for so many acquisitions of others. What falls out is counted as lost.
    private const int MostLate = 64;

    private OpenHold _newest;
    private List<OpenHold>? _late;

    /// <summary>The open acquire with the highest number; its sequence is 0 when there is none.</summary>
    public readonly OpenHold Newest => _newest;

    /// <summary>How many are open beside the newest.</summary>
    public readonly int LateCount => _late?.Count ?? 0;

    /// <summary>Acquires given up because too many later ones came.</summary>
    public long Dropped { get; private set; }

    /// <summary>Adds an outermost acquire.</summary>
    public void Add(in OpenHold hold)
    {
        if (_newest.Sequence == 0)
        {
            _newest = hold;
            return;
        }

        OpenHold older = hold;
        if (hold.Sequence > _newest.Sequence)
        {
            older = _newest;
            _newest = hold;
        }

        _late ??= [];
        if (_late.Count == MostLate)
        {
            _late.RemoveAt(0);
            Dropped++;
        }

        _late.Add(older);
    }

    /// <summary>The open acquire with the highest number below the given one; its sequence is 0 when there is none.</summary>
    public readonly OpenHold Before(ulong sequence)
    {
        OpenHold before = _newest.Sequence < sequence ? _newest : default;
        foreach (OpenHold open in _late ?? [])
        {
            before = open.Sequence < sequence && open.Sequence > before.Sequence ? open : before;
        }

        return before;
    }

    /// <summary>Takes out the acquire of this number.</summary>
    /// <returns>False when it is not open.</returns>
    public bool Remove(ulong sequence, out OpenHold hold)
    {
        if (_newest.Sequence == sequence && sequence != 0)
        {
            hold = _newest;
            _newest = default;
            return true;
        }

        int at = _late?.FindIndex(open => open.Sequence == sequence) ?? -1;
        if (at < 0)
        {
            hold = default;
            return false;
        }

        hold = _late![at];
        _late.RemoveAt(at);
        return true;
    }
}
