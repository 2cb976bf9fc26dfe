namespace Tracing.Analysis.Loads;

/// <summary>Mutexes whose owner ended while it held them, by mutex and the place where it had acquired.</summary>
public sealed class AbandonmentTable
{
    private readonly Dictionary<Key, Tally> _abandonments = [];

    /// <summary>All of them, in no particular order.</summary>
    public IEnumerable<KeyValuePair<Key, Tally>> All => _abandonments;

    /// <summary>Counts one.</summary>
    /// <param name="mutexId">The mutex.</param>
    /// <param name="siteId">Where the acquire stands that was never undone; 0 for unknown.</param>
    /// <param name="threadId">The thread that ended; 0 for unknown.</param>
    /// <param name="at">When it became known, in ticks.</param>
    public void Add(ulong mutexId, uint siteId, int threadId, ulong at)
    {
        var key = new Key(mutexId, siteId);
        if (!_abandonments.TryGetValue(key, out Tally? tally))
        {
            tally = new Tally(at, threadId);
            _abandonments.Add(key, tally);
        }

        tally.Count++;
    }

    /// <summary>What they are grouped by.</summary>
    public readonly record struct Key(ulong MutexId, uint SiteId);

    /// <summary>How often, and when and by whom first.</summary>
    /// <param name="first">When first, in ticks.</param>
    /// <param name="threadId">Who first; 0 for unknown.</param>
    public sealed class Tally(ulong first, int threadId)
    {
        /// <summary>When first, in ticks.</summary>
        public ulong First { get; } = first;

        /// <summary>Who first; 0 for unknown.</summary>
        public int ThreadId { get; } = threadId;

        /// <summary>How often.</summary>
        public long Count { get; set; }
    }
}
