namespace Tracing.Analysis.Ordering;

/// <summary>Numbers for sets of lock classes that were held around an order; 0 is the empty set.</summary>
public sealed class GuardSets
{
    /// <summary>The most sets kept: real lock hierarchies have dozens.</summary>
    public const int MostSets = 65_536;

    private readonly Dictionary<int[], int> _numbers = new(new SameMembers()) { [[]] = 0 };
    private readonly List<int[]> _sets = [[]];

    /// <summary>The number of a set; null when there are too many.</summary>
    /// <param name="classes">Its classes, ascending; one may be in it more than once.</param>
    public int? NumberOf(ReadOnlySpan<int> classes)
    {
        Dictionary<int[], int>.AlternateLookup<ReadOnlySpan<int>> lookup = _numbers.GetAlternateLookup<ReadOnlySpan<int>>();
        if (!lookup.TryGetValue(classes, out int number))
        {
            if (_sets.Count == MostSets)
            {
                return null;
            }

            number = _sets.Count;
            int[] set = classes.ToArray();
            _sets.Add(set);
            _numbers.Add(set, number);
        }

        return number;
    }

    /// <summary>The classes of a set, ascending.</summary>
    public IReadOnlyList<int> this[int number] => _sets[number];

    private sealed class SameMembers : IEqualityComparer<int[]>, IAlternateEqualityComparer<ReadOnlySpan<int>, int[]>
    {
        public bool Equals(int[]? x, int[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(int[] obj) => GetHashCode(obj.AsSpan());

        public bool Equals(ReadOnlySpan<int> alternate, int[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<int> alternate)
        {
            var hash = new HashCode();
            foreach (int member in alternate)
            {
                hash.Add(member);
            }

            return hash.ToHashCode();
        }

        public int[] Create(ReadOnlySpan<int> alternate) => alternate.ToArray();
    }
}
