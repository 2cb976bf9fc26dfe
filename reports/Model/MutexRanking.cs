namespace Tracing.Reports.Model;

/// <summary>Orders mutexes by what hurts. Ties are broken by the other measures and then by id, so that one report has one order.</summary>
public static class MutexRanking
{
    /// <summary>The mutexes, the most by the given measure first.</summary>
    public static IEnumerable<MutexRow> Rank(IEnumerable<MutexRow> mutexes, MutexOrder order) => mutexes
        .OrderByDescending(mutex => Measure(mutex, order))
        .ThenByDescending(mutex => mutex.Wait.TotalNs)
        .ThenByDescending(mutex => mutex.Hold.TotalNs)
        .ThenByDescending(mutex => mutex.Acquires)
        .ThenBy(mutex => mutex.Id);

    private static long Measure(MutexRow mutex, MutexOrder order) => order switch
    {
        MutexOrder.Wait => mutex.Wait.TotalNs,
        MutexOrder.Hold => mutex.Hold.TotalNs,
        MutexOrder.Acquires => mutex.Acquires,
        MutexOrder.Contended => mutex.Contended,
        _ => throw new ArgumentOutOfRangeException(nameof(order), order, "No such order."),
    };
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
