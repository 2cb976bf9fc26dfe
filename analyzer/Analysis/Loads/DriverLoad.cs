using Tracing.Analysis.Blame;
using Tracing.Analysis.Mutexes;
using Tracing.Analysis.Ordering;

namespace Tracing.Analysis.Loads;

/// <summary>
/// One life of the driver, from load to unload. Mutex ids and site numbers are unique within it and begin anew with the next, so each load
/// has tables of its own.
/// </summary>
public sealed class DriverLoad
{
    private readonly IdTable<MutexLedger> _mutexes;

    /// <summary>A load of which nothing is known yet.</summary>
    public DriverLoad()
    {
        Blame = new BlameLedger(Threads, Sites);
        _mutexes = new IdTable<MutexLedger>((id, _) => new MutexLedger(id, Blame));
    }

    /// <summary>Identifies the build of the driver's binary; all zero for unknown.</summary>
    public Guid BuildId { get; set; }

    /// <summary>Its call sites.</summary>
    public SiteTable Sites { get; } = new();

    /// <summary>The threads that used it.</summary>
    public ThreadTable Threads { get; } = new();

    /// <summary>What its threads hold and wait for, and in which order they take it.</summary>
    public LockingThreads Locking { get; } = new();

    /// <summary>How many of its mutexes are live, over time.</summary>
    public LiveCurves LiveCurves { get; } = new();

    /// <summary>Calls it refused.</summary>
    public RejectionTable Rejections { get; } = new();

    /// <summary>Allocations that failed.</summary>
    public AllocationFailureTable AllocationFailures { get; } = new();

    /// <summary>Misuse that the driver saw.</summary>
    public MisuseTable Misuses { get; } = new();

    /// <summary>Its rundowns.</summary>
    public RundownWatch Rundowns { get; } = new();

    /// <summary>The driver's own account at unload; null when it was not unloaded in the recording.</summary>
    public Unload? Stopped { get; set; }

    /// <summary>What its mutexes share when waits are divided over holds.</summary>
    internal BlameLedger Blame { get; }

    /// <summary>Every mutex that an event has named, in the order of their first mention.</summary>
    public IReadOnlyList<MutexLedger> Mutexes => _mutexes.All;

    /// <summary>How many of them are live, counted anew each time.</summary>
    public long CountLive() => Mutexes.LongCount(mutex => mutex.Live);

    /// <summary>Those of them that anybody waited for.</summary>
    public IEnumerable<MutexLedger> WaitedFor => Blame.WaitedFor.Select(Mutex);

    /// <summary>The ledger of a mutex, opened at its first mention.</summary>
    public MutexLedger Mutex(ulong id) => _mutexes.Get(id);

    /// <summary>The ledger of a mutex, or null if no event has named it.</summary>
    public MutexLedger? Find(ulong id) => _mutexes.Find(id);

    /// <summary>What ProviderStopped says.</summary>
    /// <param name="At">When, in ticks of the driver's clock.</param>
    /// <param name="LiveMutexes">Mutexes not freed.</param>
    /// <param name="LiveBytes">Their pool memory in bytes.</param>
    public sealed record Unload(ulong At, uint LiveMutexes, ulong LiveBytes);
}
