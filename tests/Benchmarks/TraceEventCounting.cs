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
    private long _events;

    /// <summary>Counts a file.</summary>
    /// <returns>The events it counted.</returns>
    public static long Run(string path)
    {
        TraceEventCounting counting = new();
        using TraceEventDispatcher source = EtlTraceEventSource.Open(path);
        KMutexTraceEventParser parser = new(source);
        parser.MutexAcquired += counting.Acquired;
        parser.MutexAcquiredContended += counting.Acquired;
        parser.MutexReleased += counting.Released;
        parser.MutexReleasedContended += counting.Released;
        parser.AcquireBlocked += _ => counting._events++;
        source.Process();
        return counting._events;
    }

    private void Acquired(MutexAcquiredTraceData data)
    {
        _events++;
        ulong wait = data.AcquiredAt - data.RequestedAt;
        Of(_mutexes, data.MutexId).Waits.Add(wait);
        Of(_threads, data.ThreadID).Waits.Add(wait);
        Of(_sites, data.SiteId).Waits.Add(wait);
    }

    private void Released(MutexReleasedTraceData data)
    {
        _events++;
        ulong hold = data.ReleasedAt - data.AcquiredAt;
        Of(_mutexes, data.MutexId).Holds.Add(hold);
        Of(_threads, data.ThreadID).Holds.Add(hold);
        Of(_sites, data.SiteId).Holds.Add(hold);
    }

    private static Account Of<T>(Dictionary<T, Account> accounts, T key)
        where T : notnull
    {
        if (!accounts.TryGetValue(key, out Account? account))
        {
            accounts.Add(key, account = new Account());
        }

        return account;
    }

    private sealed class Account
    {
        public DurationTally Waits;
        public DurationTally Holds;
    }
}
