using Tracing.Analysis.Blame;
using Tracing.Analysis.Durations;
using Tracing.Analysis.Loads;
using Tracing.Analysis.Mutexes;
using Tracing.Events;
using Tracing.Reports.Model;

namespace Tracing.Analysis.Results;

/// <summary>
/// Makes the row of a mutex from its ledger. A full recording is counted from its events. A light one has events of contended acquires only:
/// there the driver's own counters give exact counts and totals, and the row says so.
/// </summary>
internal sealed class MutexRows(DriverLoad load, TickScale scale, bool isLight, bool isComplete, TraceTime time, MutexNames names)
{
    private readonly string _build = BuildOf(load);

    /// <summary>The build of the driver that a load is of, as reports have it.</summary>
    public static string BuildOf(DriverLoad load) => load.BuildId == Guid.Empty ? "" : load.BuildId.ToString("N");

    public MutexRow Make(MutexLedger ledger)
    {
        DurationSummary wait = DurationSummaries.Summarize(ledger.Waits, scale);
        DurationSummary hold = DurationSummaries.Summarize(ledger.Holds, scale);
        long gaps = (long)Math.Min(ledger.MissingSequences, long.MaxValue);
        var row = new MutexRow
        {
            Id = ledger.Id,
            Label = ledger.Label,
            Build = _build,
            Name = names.Of(ledger, load),
            Kind = ledger.Kind == 0 ? "" : ((MutexKind)ledger.Kind).ToString(),
            Site = load.Sites.Find(ledger.SiteId),
            Address = ledger.Address,
            Acquires = ledger.Acquires,
            Contended = ledger.Contended,
            Failed = ledger.Failed,
            FailedWait = DurationSummaries.Summarize(ledger.FailedWaits, scale),
            CountedFrom = CountSource.Events,
            Wait = wait,
            Hold = hold,
            DeepestRecursion = ledger.DeepestRecursion,
            SequenceGaps = gaps,
            IrqlRejections = ledger.Rejections,
            Live = ledger.Live,
            OwnerSwitches = ledger.OwnerSwitches,
            Misuses = load.Misuses.CountOf(ledger.Id),
            UtilisationPercent = Utilisation(hold),
            Grade = Grade(ledger, gaps + wait.Unknown + hold.Unknown, CountSource.Events, 0),
        };
        row = isLight ? MakeLight(row, ledger) : row;
        return ledger.Division is WaitDivision division ? WithBlame(row, ledger, division) : row;
    }

    private MutexRow WithBlame(MutexRow row, MutexLedger ledger, WaitDivision division)
    {
        long unknown = scale.ToNanoseconds(division.NotKnown);
        (int Site, UInt128 Ticks) waiting = Top(division.Sites.Rows, row => row.Waiter, SiteId);
        (int Site, UInt128 Ticks) blamed = Top(division.Sites.Rows.Where(row => row.Holder >= 0), row => row.Holder, SiteId);
        (int Thread, UInt128 Ticks) holder = Top(division.Holders.Rows.Where(row => row.Waiter == blamed.Site), row => row.Holder, thread => load.Threads.All[thread].Id);
        return row with
        {
            BlamedNs = scale.ToNanoseconds(division.Blamed),
            HandOffNs = scale.ToNanoseconds(division.HandedOff),
            UnknownBlameNs = unknown,
            TopWaitingSite = waiting.Ticks == 0 ? null : load.Sites.All[waiting.Site].Site,
            TopBlamedSite = blamed.Ticks == 0 ? null : load.Sites.All[blamed.Site].Site,
            TopBlamedNs = scale.ToNanoseconds(blamed.Ticks),
            TopBlamedThreadId = holder.Ticks == 0 ? null : load.Threads.All[holder.Thread].Id,
            TopBlamedThreadNs = scale.ToNanoseconds(holder.Ticks),
            WaitedForPercent = ShareOfRecording(scale.ToNanoseconds(division.Queue.Occupied)),
            DeepestQueue = division.Queue.Deepest,
            Grade = Grade(ledger, row.SequenceGaps + row.Wait.Unknown + row.Hold.Unknown, row.CountedFrom, unknown),
        };
    }

    private long SiteId(int site) => load.Sites.All[site].Id;

    private static (int Key, UInt128 Ticks) Top(IEnumerable<BlameTable.Row> rows, Func<BlameTable.Row, int> key, Func<int, long> number) => rows
        .GroupBy(key).Select(same => (same.Key, Ticks: same.Aggregate(UInt128.Zero, (sum, row) => sum + row.Ticks)))
        .OrderByDescending(sum => sum.Ticks).ThenBy(sum => number(sum.Key)).FirstOrDefault();

    private double Utilisation(DurationSummary hold) => ShareOfRecording(Saturated(hold.TotalNs, hold.Censored.AtLeastTotalNs));

    private double ShareOfRecording(long ns)
    {
        long whole = scale.ToNanoseconds(time.SinceStart(time.End));
        return whole == 0 ? 0 : Math.Min(100, 100.0 * ns / whole);
    }

    /// <summary>As <see cref="Trust.TrustJudge"/> grades the whole. One mutex whose every acquire is there is exact whatever the session lost elsewhere.</summary>
    private TrustGrade Grade(MutexLedger ledger, long missing, CountSource countedFrom, long unknownBlameNs)
    {
        bool isWhole = ledger is { BornInTrace: true, Freed: true } && !isLight;
        return ledger.Contradictions > 0 ? TrustGrade.D
            : missing > 0 || !(isComplete || isWhole) ? TrustGrade.C
            : countedFrom != CountSource.Events || unknownBlameNs > 0 || !(ledger.BornInTrace || ledger.FirstState is not null) ? TrustGrade.B
            : TrustGrade.A;
    }

    private static long Saturated(long a, long b) => a > long.MaxValue - b ? long.MaxValue : a + b;

    /// <summary>What the counters gained within the recording; null when they do not cover it.</summary>
    private static MutexCounters? GainOf(MutexLedger ledger)
    {
        if (ledger.BeginsWithin || ledger.LastCounters is not CounterSnapshot last)
        {
            return null;
        }

        MutexCounters end = last.Values;
        MutexCounters start = default;
        if (!ledger.BornInTrace)
        {
            if (ledger.FirstState is not CounterSnapshot first || first == last)
            {
                return null;
            }

            start = first.Values;
        }

        bool grows = end.Acquires >= start.Acquires && end.Contended >= start.Contended && end.WaitTotal >= start.WaitTotal
            && end.TimedHolds >= start.TimedHolds && end.HoldTotal >= start.HoldTotal && end.Acquires - start.Acquires <= long.MaxValue
            && end.Contended - start.Contended <= end.Acquires - start.Acquires && end.TimedHolds - start.TimedHolds <= long.MaxValue;
        if (!grows)
        {
            return null;
        }

        // Maxima cannot be subtracted: that of a mutex born earlier may lie before the recording.
        return new MutexCounters(
            end.Acquires - start.Acquires, end.Contended - start.Contended, end.Rejected, end.WaitTotal - start.WaitTotal,
            ledger.BornInTrace ? end.WaitMax : 0, end.TimedHolds - start.TimedHolds, end.HoldTotal - start.HoldTotal,
            ledger.BornInTrace ? end.HoldMax : 0);
    }

    private MutexRow MakeLight(MutexRow row, MutexLedger ledger)
    {
        // The last rundown may lie long before the end: counters that know of fewer waits than the events do not cover the recording.
        if (GainOf(ledger) is not MutexCounters gain || gain.Contended < (ulong)ledger.Contended)
        {
            // Holds seen here are those that made others wait, which says nothing about holds in general.
            return Light(row, ledger, CountSource.ContendedEvents, row.Wait, DurationSummary.None);
        }

        DurationSummary wait = row.Wait with
        {
            Count = (long)gain.Contended,
            TotalNs = scale.ToNanoseconds(gain.WaitTotal),
            MeanNs = Mean(gain.WaitTotal, gain.Contended),
            MaxNs = Math.Max(scale.ToNanoseconds(gain.WaitMax), row.Wait.MaxNs),
        };
        DurationSummary hold = gain.TimedHolds == 0 ? DurationSummary.None : new DurationSummary
        {
            Count = (long)gain.TimedHolds,
            TotalNs = scale.ToNanoseconds(gain.HoldTotal),
            MeanNs = Mean(gain.HoldTotal, gain.TimedHolds),
            MaxNs = Math.Max(scale.ToNanoseconds(gain.HoldMax), row.Hold.MaxNs),
        };
        return Light(row, ledger, CountSource.Counters, wait, hold) with { Acquires = (long)gain.Acquires, Contended = (long)gain.Contended };
    }

    private MutexRow Light(MutexRow row, MutexLedger ledger, CountSource countedFrom, DurationSummary wait, DurationSummary hold) => row with
    {
        CountedFrom = countedFrom,
        Wait = wait,
        Hold = hold,
        SequenceGaps = 0,
        UtilisationPercent = Utilisation(hold),
        Grade = Grade(ledger, wait.Unknown + hold.Unknown, countedFrom, 0),
    };

    private long Mean(ulong total, ulong count) => count == 0 ? 0 : scale.ToNanoseconds(total) / (long)count;
}
