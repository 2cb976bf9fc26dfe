using System.Globalization;

namespace Tracing.Analyzer.Tests.Naive;

/// <summary>One thing a thread does: takes these locks, one inside the other, and gives them back. Lock numbers are from 1.</summary>
internal sealed record Transaction(int Thread, IReadOnlyList<int> Locks);

/// <summary>Threads that never meet: each transaction is over before the next begins, so nothing ever deadlocks, and everything can.</summary>
internal sealed class LockProgram(IReadOnlyList<Transaction> transactions)
{
    /// <summary>The recording of it, as a script.</summary>
    public string Script()
    {
        var lines = new List<string>();
        var sequences = new Dictionary<int, int>();
        long now = 1100;
        foreach (Transaction one in transactions)
        {
            var taken = new Stack<(int Lock, int Sequence, int Depth, long At)>();
            foreach (int wanted in one.Locks)
            {
                int depth = taken.Count(lower => lower.Lock == wanted) + 1;
                sequences[wanted] = sequences.GetValueOrDefault(wanted) + 1;
                taken.Push((wanted, sequences[wanted], depth, ++now));
                lines.Add(Invariant($"t={now} T{one.Thread} acquire m{wanted} seq={sequences[wanted]} depth={depth}"));
            }

            while (taken.TryPop(out (int Lock, int Sequence, int Depth, long At) inner))
            {
                lines.Add(Invariant($"t={++now} T{one.Thread} release m{inner.Lock} seq={inner.Sequence} depth={inner.Depth} acq={inner.At}"));
            }
        }

        return string.Join('\n', lines);
    }

    /// <summary>
    /// The smallest sets of locks on which it can deadlock: each set, in any order, as a ring of threads of which each holds one lock, wants the next,
    /// and holds nothing else that another of the ring holds.
    /// </summary>
    public List<int[]> Deadlocks()
    {
        Step[] steps = [.. transactions.SelectMany(Steps)];
        int[] locks = [.. transactions.SelectMany(one => one.Locks).Distinct().Order()];
        List<int[]> found = [];
        foreach (int[] set in Subsets(locks).Where(set => set.Length > 1).OrderBy(set => set.Length))
        {
            if (!found.Exists(smaller => smaller.All(set.Contains)) && Orders(set[1..]).Any(rest => CanRing([set[0], .. rest], steps, [])))
            {
                found.Add(set);
            }
        }

        return found;
    }

    private static bool CanRing(int[] ring, Step[] steps, List<Step> chosen)
    {
        if (chosen.Count == ring.Length)
        {
            return true;
        }

        int holds = ring[chosen.Count];
        int wants = ring[(chosen.Count + 1) % ring.Length];
        return steps.Any(step => step.Held.Contains(holds) && step.Wanted == wants
            && chosen.All(other => other.Thread != step.Thread && !other.Held.Intersect(step.Held).Any())
            && CanRing(ring, steps, [.. chosen, step]));
    }

    private static IEnumerable<Step> Steps(Transaction one) =>
        from i in Enumerable.Range(1, Math.Max(0, one.Locks.Count - 1))
        where !one.Locks.Take(i).Contains(one.Locks[i])
        select new Step(one.Thread, [.. one.Locks.Take(i)], one.Locks[i]);

    private static IEnumerable<int[]> Subsets(int[] of) =>
        Enumerable.Range(0, 1 << of.Length).Select(mask => of.Where((_, i) => (mask >> i & 1) != 0).ToArray());

    private static IEnumerable<int[]> Orders(int[] of) =>
        of.Length == 0 ? [[]] : of.SelectMany(first => Orders([.. of.Where(other => other != first)]).Select(rest => (int[])[first, .. rest]));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed record Step(int Thread, int[] Held, int Wanted);
}
