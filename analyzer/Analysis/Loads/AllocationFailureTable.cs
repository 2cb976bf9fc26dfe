namespace Tracing.Analysis.Loads;

/// <summary>Failed allocations by kind and site.</summary>
public sealed class AllocationFailureTable
{
    private readonly Dictionary<Key, Tally> _failures = [];

    /// <summary>All of them, in no particular order.</summary>
    public IEnumerable<KeyValuePair<Key, Tally>> All => _failures;

    /// <summary>Counts one.</summary>
    /// <param name="kind">Raw value of the manifest's MutexKind.</param>
    /// <param name="siteId">Where.</param>
    /// <param name="bytes">What was asked of the pool.</param>
    /// <param name="at">When, in ticks.</param>
    public void Add(byte kind, uint siteId, uint bytes, ulong at)
    {
        var key = new Key(kind, siteId);
        if (!_failures.TryGetValue(key, out Tally? tally))
        {
            tally = new Tally(at);
            _failures.Add(key, tally);
        }

        tally.Count++;
        tally.Bytes = Math.Max(tally.Bytes, bytes);
    }

    /// <summary>What failures are grouped by.</summary>
    public readonly record struct Key(byte Kind, uint SiteId);

    /// <summary>How often, how much, and when first.</summary>
    /// <param name="first">When first, in ticks.</param>
    public sealed class Tally(ulong first)
    {
        /// <summary>When first, in ticks.</summary>
        public ulong First { get; } = first;

        /// <summary>How often.</summary>
        public long Count { get; set; }

        /// <summary>The most that was asked for at once.</summary>
        public uint Bytes { get; set; }
    }
}
