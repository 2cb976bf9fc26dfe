namespace Tracing.Analysis.Loads;

/// <summary>Misuse by kind, site and mutex.</summary>
public sealed class MisuseTable
{
    private readonly Dictionary<Key, Tally> _misuses = [];
    private readonly Dictionary<ulong, long> _byMutex = [];

    /// <summary>All of it, in no particular order.</summary>
    public IEnumerable<KeyValuePair<Key, Tally>> All => _misuses;

    /// <summary>How often a mutex was misused.</summary>
    public long CountOf(ulong mutexId) => _byMutex.GetValueOrDefault(mutexId);

    /// <summary>Counts one.</summary>
    public void Add(in MisuseEvent misuse, int threadId)
    {
        var key = new Key(misuse.Kind, misuse.SiteId, misuse.MutexId);
        if (!_misuses.TryGetValue(key, out Tally? tally))
        {
            tally = new Tally(misuse.DetectedAt, threadId);
            _misuses.Add(key, tally);
        }

        tally.Count++;
        _byMutex[misuse.MutexId] = _byMutex.GetValueOrDefault(misuse.MutexId) + 1;
    }

    /// <summary>What misuse is grouped by.</summary>
    public readonly record struct Key(byte Kind, uint SiteId, ulong MutexId);

    /// <summary>How often, and when and by whom first.</summary>
    /// <param name="first">When first, in ticks.</param>
    /// <param name="threadId">Who first.</param>
    public sealed class Tally(ulong first, int threadId)
    {
        /// <summary>When first, in ticks.</summary>
        public ulong First { get; } = first;

        /// <summary>Who first.</summary>
        public int ThreadId { get; } = threadId;

        /// <summary>How often.</summary>
        public long Count { get; set; }
    }
}
