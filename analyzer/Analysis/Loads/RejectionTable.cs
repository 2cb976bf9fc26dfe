namespace Tracing.Analysis.Loads;

/// <summary>Refused calls by operation, IRQL, site and mutex.</summary>
public sealed class RejectionTable
{
    private readonly Dictionary<Key, Tally> _rejections = [];

    /// <summary>Counts one.</summary>
    /// <returns>The row that it is counted in.</returns>
    public Tally Add(in RejectedEvent rejected)
    {
        var key = new Key(rejected.Operation, rejected.Irql, rejected.MaximumIrql, rejected.SiteId, rejected.MutexId);
        if (!_rejections.TryGetValue(key, out Tally? tally))
        {
            tally = new Tally { First = rejected.RejectedAt };
            _rejections.Add(key, tally);
        }

        tally.Count++;
        tally.First = Math.Min(tally.First, rejected.RejectedAt);
        tally.Last = Math.Max(tally.Last, rejected.RejectedAt);
        return tally;
    }

    /// <summary>All of them, in no particular order.</summary>
    public IEnumerable<KeyValuePair<Key, Tally>> All => _rejections;

    /// <summary>What rejections are grouped by.</summary>
    public readonly record struct Key(byte Operation, byte Irql, byte MaximumIrql, uint SiteId, ulong MutexId);

    /// <summary>How often, and when first and last, in ticks.</summary>
    public sealed class Tally
    {
        /// <summary>How often.</summary>
        public long Count { get; set; }

        /// <summary>How many of them the same thread followed by an acquire of the same mutex.</summary>
        public long Followed { get; set; }

        /// <summary>First time.</summary>
        public ulong First { get; set; }

        /// <summary>Last time.</summary>
        public ulong Last { get; set; }
    }
}
