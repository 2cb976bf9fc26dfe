namespace Tracing.Reports.Model;

/// <summary>Orders mutexes by what hurts. Ties are broken by the other measures and then by id, so that one report has one order.</summary>
public static class MutexRanking
{
    /// <summary>The mutexes, the most by the given measure first.</summary>
    public static IEnumerable<MutexRow> Rank(IEnumerable<MutexRow> mutexes, MutexOrder order) =>
        Rank(mutexes, order, mutex => new Measures(mutex.Wait.TotalNs, mutex.Hold.TotalNs, mutex.Acquires, mutex.Contended, mutex.Id));

    /// <summary>The groups, the most by the given measure first.</summary>
    public static IEnumerable<MutexGroup> Rank(IEnumerable<MutexGroup> groups, MutexOrder order) =>
        Rank(groups, order, group => new Measures(group.Wait.TotalNs, group.Hold.TotalNs, group.Acquires, group.Contended, group.Mutexes[0].Id));

    private static IEnumerable<T> Rank<T>(IEnumerable<T> rows, MutexOrder order, Func<T, Measures> measure) => rows
        .Select(row => (Row: row, Measures: measure(row)))
        .OrderByDescending(pair => pair.Measures.By(order))
        .ThenByDescending(pair => pair.Measures.Wait)
        .ThenByDescending(pair => pair.Measures.Hold)
        .ThenByDescending(pair => pair.Measures.Acquires)
        .ThenBy(pair => pair.Measures.Id)
        .Select(pair => pair.Row);

    private readonly record struct Measures(long Wait, long Hold, long Acquires, long Contended, ulong Id)
    {
        public long By(MutexOrder order) => order switch
        {
            MutexOrder.Wait => Wait,
            MutexOrder.Hold => Hold,
            MutexOrder.Acquires => Acquires,
            MutexOrder.Contended => Contended,
            _ => throw new ArgumentOutOfRangeException(nameof(order), order, "No such order."),
        };
    }
}

/// <summary>What mutexes can be ordered by.</summary>
public enum MutexOrder
{
    /// <summary>Total wait.</summary>
    Wait,

    /// <summary>Total hold.</summary>
    Hold,

    /// <summary>Acquires.</summary>
    Acquires,

    /// <summary>Contended acquires.</summary>
    Contended,
}
