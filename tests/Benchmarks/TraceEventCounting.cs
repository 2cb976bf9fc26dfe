using Microsoft.Diagnostics.Tracing;
using Tracing.Analysis.Durations;
using Tracing.Etl.TraceEvent;
using Tracing.Parsers;

namespace Tracing.Benchmarks;

/// <summary>
/// What a program on TraceEvent does that counts acquires, waits and holds by mutex, by thread and by call site, with percentiles: the part of the analysis that needs one
/// event at a time. No blame, no queues, no lock order, nothing checked.
/// </summary>
internal sealed class TraceEventCounting
{
    private readonly Dictionary<ulong, Account> _mutexes = [];
    private readonly Dictionary<int, Account> _threads = [];
    private readonly Dictionary<uint, Account> _sites = [];

    private TraceEventCounting(TraceEventDispatcher source)
    {
        KMutexTraceEventParser parser = new(source);
        parser.MutexAcquired += Acquired;
        parser.MutexAcquiredContended += Acquired;
        parser.MutexReleased += Released;
        parser.MutexReleasedContended += Released;
        parser.AcquireBlocked += _ => Events++;
        source.Process();
        EventsLost = source.EventsLost;
    }

    /// <summary>The events it counted.</summary>
    public long Events { get; private set; }

    /// <summary>Those that TraceEvent missed.</summary>
    public int EventsLost { get; }

    /// <summary>What was counted of each mutex, by its id; of each thread, by its id; of each call site, by its id. Totals in ticks.</summary>
    public IReadOnlyList<Sums> All => [.. Of("mutex", _mutexes), .. Of("thread", _threads), .. Of("site", _sites)];

    /// <summary>Counts an event trace log, which our reader reads for TraceEvent.</summary>
    public static TraceEventCounting OverBridge(string path)
    {
        using TraceEventDispatcher source = EtlTraceEventSource.Open(path);
        return new TraceEventCounting(source);
    }

    /// <summary>Counts a .nettrace file, which TraceEvent reads by itself on any system; an event trace log it leaves to Windows.</summary>
    public static TraceEventCounting OverOwnReader(string path)
    {
        using EventPipeEventSource source = new(path);
        return new TraceEventCounting(source);
    }

    private static IEnumerable<Sums> Of<T>(string what, Dictionary<T, Account> accounts)
        where T : notnull =>
        accounts.OrderBy(account => account.Key).Select(
            account => new Sums($"{what} {account.Key}", account.Value.Waits.Count, account.Value.Waits.Total, account.Value.Holds.Count, account.Value.Holds.Total));

    private void Acquired(MutexAcquiredTraceData data)
    {
        Events++;
        ulong wait = data.AcquiredAt - data.RequestedAt;
        AccountOf(_mutexes, data.MutexId).Waits.Add(wait);
        AccountOf(_threads, data.ThreadID).Waits.Add(wait);
        AccountOf(_sites, data.SiteId).Waits.Add(wait);
    }

    private void Released(MutexReleasedTraceData data)
    {
        Events++;
        ulong hold = data.ReleasedAt - data.AcquiredAt;
        AccountOf(_mutexes, data.MutexId).Holds.Add(hold);
        AccountOf(_threads, data.ThreadID).Holds.Add(hold);
        AccountOf(_sites, data.SiteId).Holds.Add(hold);
    }

    private static Account AccountOf<T>(Dictionary<T, Account> accounts, T key)
        where T : notnull
    {
        if (!accounts.TryGetValue(key, out Account? account))
        {
            accounts.Add(key, account = new Account());
        }

        return account;
    }

    /// <summary>One account. Totals in ticks.</summary>
    internal readonly record struct Sums(string Of, long Acquires, UInt128 Waited, long Releases, UInt128 Held);

    private sealed class Account
    {
        public DurationTally Waits;
        public DurationTally Holds;
    }
}
