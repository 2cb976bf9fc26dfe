namespace Tracing.Analysis.Scheduling;

/// <summary>
/// What one thread did, summed up since tick 0 and exact in ticks. A time in a payload lies a little before the event that brings it, so the latest changes are kept;
/// of a hold that is longer than those, the sums at its begin are remembered from its acquire on.
/// </summary>
internal sealed class ThreadSchedule
{
    private const int MostChanges = 64;
    private const int MostOpenHolds = 64;

    private readonly List<Change> _changes = [new Change(0, ThreadActivity.Unknown, default)];
    private readonly Dictionary<(ulong Mutex, ulong Sequence), (long At, ActivityTicks Sums)> _open = [];
    private long _knownSince = long.MaxValue;
    private long _runningSince;

    /// <summary>The processor that it runs on, or last ran on.</summary>
    public int Processor { get; private set; }

    /// <summary>What it does now.</summary>
    public ThreadActivity Now => _changes[^1].Activity;

    /// <summary>It does something else from now on.</summary>
    /// <param name="activity">What.</param>
    /// <param name="time">Since when, in ticks.</param>
    public void Become(ThreadActivity activity, long time) => Append(activity, Math.Max(time, _changes[^1].At));

    /// <summary>It runs from now on.</summary>
    /// <param name="processor">Where.</param>
    /// <param name="time">Since when, in ticks.</param>
    public void Run(int processor, long time)
    {
        Processor = processor;
        _runningSince = Math.Max(time, _changes[^1].At);
        Append(ThreadActivity.Running, _runningSince);
    }

    /// <summary>What was taken for its latest activity cannot be: what it did since then is not known.</summary>
    public void Doubt() => _changes[^1] = _changes[^1] with { Activity = ThreadActivity.Unknown };

    /// <summary>It runs, and it did not while an interrupt was served. What nests in another comes before it, and is counted once.</summary>
    public void Interrupted(long from, long to)
    {
        from = Math.Max(from, _runningSince);
        if (Now != ThreadActivity.Running || from >= to || to < _changes[^1].At)
        {
            return;
        }

        while (_changes.Count > 1 && _changes[^1].At > from)
        {
            _changes.RemoveAt(_changes.Count - 1);
        }

        if (Now != ThreadActivity.Interrupted)
        {
            Append(ThreadActivity.Interrupted, Math.Max(from, _changes[^1].At));
        }

        Append(ThreadActivity.Running, to);
    }

    /// <summary>Remembers where a hold begins.</summary>
    public void Acquired(ulong mutex, ulong sequence, long at)
    {
        if (_open.Count == MostOpenHolds)
        {
            // So many are not held at once: their releases were lost.
            _open.Clear();
        }

        _open[(mutex, sequence)] = (at, SumsAt(at));
    }

    /// <summary>Divides a hold.</summary>
    public ActivityTicks Released(ulong mutex, ulong sequence, long acquiredAt, long releasedAt)
    {
        bool isRemembered = _open.Remove((mutex, sequence), out (long At, ActivityTicks Sums) begin) && begin.At == acquiredAt;
        ActivityTicks parts = SumsAt(releasedAt) - (isRemembered ? begin.Sums : SumsAt(acquiredAt));
        return parts.IsPossible ? parts : new ActivityTicks { Unknown = releasedAt - acquiredAt };
    }

    private ActivityTicks SumsAt(long time)
    {
        if (time <= _knownSince)
        {
            return new ActivityTicks { Unknown = time };
        }

        int at = _changes.Count - 1;
        while (at > 0 && _changes[at].At > time)
        {
            at--;
        }

        // Before what is kept nothing is known: less of the unknown, so that all still adds up to the time.
        Change change = _changes[at];
        return change.Sums.Plus(time < change.At ? ThreadActivity.Unknown : change.Activity, time - change.At);
    }

    private void Append(ThreadActivity activity, long time)
    {
        if (_changes.Count == MostChanges)
        {
            _changes.RemoveRange(0, MostChanges / 2);
        }

        _knownSince = Math.Min(_knownSince, time);
        Change last = _changes[^1];
        _changes.Add(new Change(time, activity, last.Sums.Plus(last.Activity, time - last.At)));
    }

    /// <summary>Sums until a time, and what the thread does from then on.</summary>
    private readonly record struct Change(long At, ThreadActivity Activity, ActivityTicks Sums);
}
