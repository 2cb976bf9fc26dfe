namespace Tracing.Analysis.Ordering;

/// <summary>Whether each of several orders can be given a thread of its own: a thread cannot wait for itself.</summary>
internal static class DifferentThreads
{
    /// <summary>Whether a choice of one thread per list exists in which no thread comes twice.</summary>
    /// <remarks>Augmenting paths, as in bipartite matching.</remarks>
    public static bool Exist(IReadOnlyList<IReadOnlyList<int>> candidates)
    {
        var takenBy = new Dictionary<int, int>();
        return Enumerable.Range(0, candidates.Count).All(order => Assign(order, []));

        bool Assign(int order, HashSet<int> tried)
        {
            foreach (int thread in candidates[order])
            {
                if (tried.Add(thread) && (!takenBy.TryGetValue(thread, out int other) || Assign(other, tried)))
                {
                    takenBy[thread] = order;
                    return true;
                }
            }

            return false;
        }
    }
}
