using Tracing.Analysis.Durations;
using Tracing.Analysis.Findings;
using Tracing.Analysis.Loads;
using Tracing.Analysis.Mutexes;
using Tracing.Analysis.Ordering;
using Tracing.Analysis.Trust;
using Tracing.Events;
using Tracing.Reports.Model;

namespace Tracing.Analysis.Results;

/// <summary>Makes the report of a finished analysis: ticks become nanoseconds here, once, and every list gets an order that depends on content only.</summary>
internal sealed class ReportBuilder(TraceAnalysis analysis, RecordingFacts recording)
{
    // What the simulated kernel of driver/Host calls its session. The analysis does not stand on the host: a test of the command holds them together.
    private const string SimulatedSession = "KMutex Host";

    private readonly TickScale _scale = new(analysis.ClockFrequency);
    private readonly MutexNames _names = new(analysis.Loads);
    private readonly HashSet<(DriverLoad Load, uint SiteId)> _undefinedSites = [];
    private readonly bool _isLight = analysis.IsLight;
    private readonly bool _hasEveryAcquire = !analysis.IsLight && !recording.MissesEvents;

    public LockReport Build()
    {
        var mutexes = new MutexTable();
        var candidates = new FastMutexCandidates(_names);
        var live = new List<LiveMutexRow>();
        var growth = new List<LiveGrowth>();
        DurationTally waits = default;
        DurationTally holds = default;
        foreach (DriverLoad load in analysis.Loads)
        {
            var rows = new MutexRows(load, _scale, _isLight, recording.IsComplete, analysis.Time, _names);
            var makeLive = new LiveRows(load, _names, _scale, analysis.Time, _isLight, recording);
            growth.AddRange(makeLive.MakeGrowth());
            foreach (MutexLedger ledger in ById(load.Mutexes))
            {
                NoteSite(load, ledger.SiteId);
                mutexes.Add(ledger, rows);
                if (_hasEveryAcquire)
                {
                    candidates.Take(ledger, load);
                }

                waits.Merge(ledger.Waits);
                holds.Merge(ledger.Holds);
                if (makeLive.IsLive(ledger))
                {
                    live.Add(makeLive.Make(ledger));
                }
            }
        }

        long gaps = mutexes.Kept.SaturatingSum(row => row.SequenceGaps);
        IReadOnlyList<IrqlRejectionRow> rejections = MakeRejections();
        IReadOnlyList<MisuseRow> misuses = MakeMisuses();
        IReadOnlyList<IdentityCheck> identities = new IdentityChecks(analysis, recording).Run();
        analysis.Oddities.Add(EventOddity.UndefinedSite, -1, _undefinedSites.Count);
        RundownState rundown = JudgeRundown();
        (TrustGrade grade, IReadOnlyList<string> reasons) = new TrustJudge(analysis, recording).Grade(rundown, gaps, identities);
        var summary = new TraceSummary
        {
            Files = recording.Files,
            StartUtc = recording.StartUtc,
            EndUtc = recording.EndUtc,
            DurationNs = recording.DurationNs,
            SinceNs = recording.Window.SinceNs,
            UntilNs = recording.Window.UntilNs,
            ProcessorCount = recording.ProcessorCount,
            OsBuild = recording.OsBuild,
            RecordedBy = recording.LoggerName,
            IsSimulated = recording.LoggerName == SimulatedSession,
            ClockFrequency = analysis.ClockFrequency,
            EventsRead = recording.EventsRead,
            DriverEventsRead = analysis.DriverEvents,
            EventsLost = recording.EventsLost,
            BuffersLost = recording.BuffersLost,
            SequenceGaps = gaps,
            Rundown = rundown,
            LeaksAreCertain = analysis.Loads.All(IdentityChecks.AccountsForAllLive),
            LiveAtUnload = analysis.Loads.Any(load => load.Stopped is not null) ? analysis.Loads.Sum(load => (long)(load.Stopped?.LiveMutexes ?? 0)) : null,
            LockEventsRecorded = !_isLight,
            Identities = identities,
            Grade = grade,
            GradeReasons = reasons,
        };
        (LockOrderRows Rows, LockCycles Cycles)[] orders =
            [.. analysis.Loads.Select(load => (new LockOrderRows(load, _names, _scale, analysis.Time, _hasEveryAcquire), LockCycles.Search(load.Locking.Orders)))];
        live.Sort((a, b) => a.AgeNs == b.AgeNs ? a.Id.CompareTo(b.Id) : Nullable.Compare(b.AgeNs, a.AgeNs));
        var usage = new UsageRows(analysis.Loads, _scale, _isLight ? 0 : _scale.ToNanoseconds(analysis.Time.SinceStart(analysis.Time.End)));
        BlameSummary blame = new BlameRows(analysis.Loads, _names, _scale, analysis.Time).Make();
        var report = new LockReport
        {
            Trace = summary,
            Mutexes = mutexes,
            AllWaits = DurationSummaries.Summarize(waits, _scale) with { Histogram = DurationSummaries.Histogram(waits, _scale) },
            AllHolds = DurationSummaries.Summarize(holds, _scale) with { Histogram = DurationSummaries.Histogram(holds, _scale) },
            IrqlRejections = rejections,
            Misuses = misuses,
            LiveMutexes = live,
            Growth = [.. growth.OrderByDescending(growth => growth.PerSecond).ThenByDescending(growth => growth.Allocations).ThenBy(growth => growth.Site, SourceSite.Order)],
            Deadlocks =
            [
                .. analysis.Loads.SelectMany(load => new DeadlockRows(load, _names, _scale, analysis.Time, recording.IsComplete).Make()).OrderBy(deadlock => deadlock.FormedNs)
                    .ThenBy(deadlock => deadlock.Waits[0].MutexId).ThenBy(deadlock => deadlock.Waits[0].ThreadId).ThenBy(deadlock => deadlock.LastedNs),
            ],
            DeadlocksNotKept = analysis.Loads.Sum(load => load.Locking.Deadlocks.NotKept),
            Abandonments = MakeAbandonments(),
            Blame = blame,
            BySite = TopBlame.OfSites(usage.BySite(), blame),
            ByThread = TopBlame.OfThreads(usage.ByThread(), blame),
            ByProcess = usage.ByProcess(),
            HoldBreakdowns = new HoldBreakdownRows(analysis.Loads, _scale).Make(),
            Convoys = new ConvoyRows(analysis.Loads, _names, _scale, analysis.Time).Make(),
            FastMutexCandidates = candidates.Make(),
            AllocationFailures = MakeAllocationFailures(),
            LockOrders = [.. orders.SelectMany(load => load.Rows.MakeOrders()).OrderByDescending(order => order.Count).ThenBy(order => order.FirstNs)],
            LockOrdersNotKept = analysis.Loads.Sum(load => load.Locking.Orders.NotKept),
            PossibleDeadlocks = [.. orders.SelectMany(load => load.Rows.MakeCycles(load.Cycles)).OrderBy(cycle => cycle.NearestNs ?? long.MaxValue).ThenBy(cycle => cycle.Orders.Count)],
            PossibleDeadlocksIncomplete = orders.Any(load => load.Cycles.IsIncomplete),
            Oddities = [.. analysis.Oddities.Seen(), .. recording.FileOddities],
            Names = recording.Names,
            OtherProviders = recording.OtherProviders,
        };
        return report with { Findings = Verdict.Reach(report, mutexes.Kept) };
    }

    /// <summary>The driver counts its mutexes as it makes them, so that most recordings have them in order already.</summary>
    private static IEnumerable<MutexLedger> ById(IReadOnlyList<MutexLedger> mutexes)
    {
        for (int i = 1; i < mutexes.Count; i++)
        {
            if (mutexes[i].Id < mutexes[i - 1].Id)
            {
                ulong[] ids = [.. mutexes.Select(mutex => mutex.Id)];
                MutexLedger[] ordered = [.. mutexes];
                Array.Sort(ids, ordered);
                return ordered;
            }
        }

        return mutexes;
    }

    private List<IrqlRejectionRow> MakeRejections()
    {
        var rows = new List<IrqlRejectionRow>();
        foreach (DriverLoad load in analysis.Loads)
        {
            foreach ((RejectionTable.Key key, RejectionTable.Tally tally) in load.Rejections.All)
            {
                NoteSite(load, key.SiteId);
                MutexLedger? mutex = key.MutexId == 0 ? null : load.Find(key.MutexId);
                rows.Add(new IrqlRejectionRow
                {
                    Operation = ((LockOperation)key.Operation).ToString(),
                    Irql = key.Irql,
                    MaximumIrql = key.MaximumIrql,
                    Site = load.Sites.Find(key.SiteId),
                    MutexId = key.MutexId,
                    Mutex = mutex is null ? "" : _names.Of(mutex, load),
                    MutexLabel = mutex?.Label ?? "",
                    Count = tally.Count,
                    RetriedWithSuccess = _isLight ? null : tally.Followed,
                    FirstNs = SinceStart(tally.First),
                    LastNs = SinceStart(tally.Last),
                });
            }
        }

        return [.. rows.OrderByDescending(row => row.Count).ThenBy(row => row.MutexId).ThenBy(row => row.Operation, StringComparer.Ordinal)
            .ThenBy(row => row.Irql).ThenBy(row => row.MaximumIrql).ThenBy(row => row.Site, SourceSite.Order)];
    }

    private List<MisuseRow> MakeMisuses()
    {
        var rows = new List<MisuseRow>();
        foreach (DriverLoad load in analysis.Loads)
        {
            foreach ((MisuseTable.Key key, MisuseTable.Tally tally) in load.Misuses.All)
            {
                NoteSite(load, key.SiteId);
                MutexLedger? mutex = load.Find(key.MutexId);
                long first = SinceStart(tally.First);
                rows.Add(new MisuseRow(
                    ((MisuseKind)key.Kind).ToString(), load.Sites.Find(key.SiteId), key.MutexId,
                    mutex is null ? $"#{key.MutexId}" : _names.Of(mutex, load), tally.Count, first, tally.ThreadId));
            }
        }

        return [.. rows.OrderByDescending(row => row.Count).ThenBy(row => row.FirstNs).ThenBy(row => row.MutexId).ThenBy(row => row.Kind, StringComparer.Ordinal)
            .ThenBy(row => row.Site, SourceSite.Order)];
    }

    private List<AbandonmentRow> MakeAbandonments()
    {
        var rows = new List<AbandonmentRow>();
        foreach (DriverLoad load in analysis.Loads)
        {
            foreach ((AbandonmentTable.Key key, AbandonmentTable.Tally tally) in load.Locking.Abandonments.All)
            {
                NoteSite(load, key.SiteId);
                rows.Add(new AbandonmentRow(
                    key.MutexId, _names.Of(load.Mutex(key.MutexId), load), load.Sites.Find(key.SiteId), tally.ThreadId == 0 ? null : tally.ThreadId, tally.Count,
                    SinceStart(tally.First)));
            }
        }

        return [.. rows.OrderByDescending(row => row.Count).ThenBy(row => row.FirstNs).ThenBy(row => row.MutexId).ThenBy(row => row.Site, SourceSite.Order)];
    }

    private List<AllocationFailureRow> MakeAllocationFailures()
    {
        var rows = new List<AllocationFailureRow>();
        foreach (DriverLoad load in analysis.Loads)
        {
            foreach ((AllocationFailureTable.Key key, AllocationFailureTable.Tally tally) in load.AllocationFailures.All)
            {
                NoteSite(load, key.SiteId);
                rows.Add(new AllocationFailureRow(
                    ((MutexKind)key.Kind).ToString(), load.Sites.Find(key.SiteId), tally.Bytes, tally.Count,
                    SinceStart(tally.First)));
            }
        }

        return [.. rows.OrderByDescending(row => row.Count).ThenBy(row => row.FirstNs).ThenBy(row => row.Kind, StringComparer.Ordinal).ThenBy(row => row.Site, SourceSite.Order)];
    }

    /// <summary>A time out of a payload, in nanoseconds since the start of the recording; one behind its end, as only damage has, is put there.</summary>
    private long SinceStart(ulong time) => _scale.ToNanoseconds(analysis.Time.SinceStart(Math.Min(time, analysis.Time.End)));

    private void NoteSite(DriverLoad load, uint siteId)
    {
        if (siteId != 0 && !load.Sites.IsDefined(siteId))
        {
            _undefinedSites.Add((load, siteId));
        }
    }

    private RundownState JudgeRundown()
    {
        if (analysis.Loads.Sum(load => load.Rundowns.Started) > 0)
        {
            return analysis.Loads.All(load => load.Rundowns.Started == load.Rundowns.Complete) ? RundownState.Complete : RundownState.Incomplete;
        }

        return analysis.Loads.All(IdentityChecks.AccountsForAllLive) ? RundownState.NotNeeded : RundownState.Absent;
    }
}
