using Tracing.Analysis.Loads;

namespace Tracing.Analysis.Ordering;

/// <summary>Refused calls of one thread until it acquires the mutex that they were meant for.</summary>
public sealed class RefusedCalls
{
    // A thread tries few places and mutexes before it succeeds; beyond that a refusal counts as never followed.
    private const int MostKept = 16;

    private readonly List<Refusal> _refusals = [];

    /// <summary>A call was refused.</summary>
    public void Add(ulong mutexId, RejectionTable.Tally tally)
    {
        int known = _refusals.FindIndex(refusal => refusal.MutexId == mutexId && refusal.Tally == tally);
        if (known >= 0)
        {
            _refusals[known] = _refusals[known] with { Count = _refusals[known].Count + 1 };
        }
        else if (_refusals.Count < MostKept)
        {
            _refusals.Add(new Refusal(mutexId, tally, 1));
        }
    }

    /// <summary>The thread has acquired a mutex.</summary>
    public void Followed(ulong mutexId)
    {
        if (_refusals.Count == 0)
        {
            return;
        }

        foreach (Refusal refusal in _refusals.Where(refusal => refusal.MutexId == mutexId))
        {
            refusal.Tally.Followed += refusal.Count;
        }

        _refusals.RemoveAll(refusal => refusal.MutexId == mutexId);
    }

    private readonly record struct Refusal(ulong MutexId, RejectionTable.Tally Tally, long Count);
}
