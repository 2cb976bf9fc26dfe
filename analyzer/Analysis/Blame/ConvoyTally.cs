namespace Tracing.Analysis.Blame;

/// <summary>
/// Finds convoys of one mutex: runs of hand-offs, one right after the other, to a thread that was already waiting when the mutex was released.
/// </summary>
/// <remarks>A mutable struct, to be used as a field and never copied while in use.</remarks>
internal struct ConvoyTally
{
    /// <summary>The shortest run that is called a convoy: a queue that drains by itself is shorter.</summary>
    public const int Shortest = 16;

    private Run _current;
    private Run _longest;

    /// <summary>The longest run so far, the first of several.</summary>
    public readonly Run Longest => _current.Length > _longest.Length ? _current : _longest;

    /// <summary>Runs of at least <see cref="Shortest"/> hand-offs.</summary>
    public long Runs { get; private set; }

    /// <summary>Takes a hand-off to a thread that was waiting.</summary>
    /// <param name="releasedAt">When the mutex was released.</param>
    /// <param name="acquiredAt">When the waiter had it.</param>
    /// <param name="waited">How long it had waited, in ticks.</param>
    public void HandOff(ulong releasedAt, ulong acquiredAt, ulong waited)
    {
        if (_current.Length == 0)
        {
            _current.Onset = releasedAt;
        }

        _current.End = acquiredAt;
        _current.Cost += waited;
        if (++_current.Length == Shortest)
        {
            Runs++;
        }
    }

    /// <summary>Takes any other acquisition.</summary>
    public void Break()
    {
        if (_current.Length > 0)
        {
            _longest = Longest;
            _current = default;
        }
    }

    /// <summary>A run of hand-offs.</summary>
    /// <param name="Onset">The first release, in ticks.</param>
    /// <param name="End">The last acquire, in ticks.</param>
    /// <param name="Length">Hand-offs.</param>
    /// <param name="Cost">Sum of the waits, in ticks.</param>
    internal record struct Run(ulong Onset, ulong End, long Length, UInt128 Cost);
}
