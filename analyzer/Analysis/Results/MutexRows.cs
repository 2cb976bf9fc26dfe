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
internal sealed class MutexRows(TickScale scale, bool isLight, MutexNames names)
{
    public MutexRow Make(MutexLedger ledger, DriverLoad load)
    {
        var row = new MutexRow
        {
            Id = ledger.Id,
            Label = ledger.Label,
            Name = names.Of(ledger, load),
            Kind = ledger.Kind == 0 ? "" : ((MutexKind)ledger.Kind).ToString(),
            Site = load.Sites.Find(ledger.SiteId),
            Address = ledger.Address,
            Acquires = ledger.Acquires,
            Contended = ledger.Contended,
            Failed = ledger.Failed,
            FailedWait = DurationSummaries.Summarize(ledger.FailedWaits, scale),
            CountedFrom = CountSource.Events,
            Wait = DurationSummaries.Summarize(ledger.Waits, scale),
            Hold = DurationSummaries.Summarize(ledger.Holds, scale),
            DeepestRecursion = ledger.DeepestRecursion,
            SequenceGaps = (long)Math.Min(ledger.MissingSequences, long.MaxValue),
            IrqlRejections = ledger.Rejections,
            Live = ledger.Live,
        };
        return isLight ? MakeLight(row, ledger) : row;
    }

    /// <summary>What the counters gained within the recording; null when they do not cover it.</summary>
    private static MutexCounters? GainOf(MutexLedger ledger)
    {
        if (ledger.LastCounters is not CounterSnapshot last)
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
            return row with { CountedFrom = CountSource.ContendedEvents, Hold = DurationSummary.None, SequenceGaps = 0 };
        }

        return row with
        {
            CountedFrom = CountSource.Counters,
            Acquires = (long)gain.Acquires,
            Contended = (long)gain.Contended,
            SequenceGaps = 0,
            Wait = row.Wait with
            {
                Count = (long)gain.Contended,
                TotalNs = scale.ToNanoseconds(gain.WaitTotal),
                MeanNs = Mean(gain.WaitTotal, gain.Contended),
                MaxNs = Math.Max(scale.ToNanoseconds(gain.WaitMax), row.Wait.MaxNs),
            },
            Hold = gain.TimedHolds == 0 ? DurationSummary.None : new DurationSummary
            {
                Count = (long)gain.TimedHolds,
                TotalNs = scale.ToNanoseconds(gain.HoldTotal),
                MeanNs = Mean(gain.HoldTotal, gain.TimedHolds),
                MaxNs = Math.Max(scale.ToNanoseconds(gain.HoldMax), row.Hold.MaxNs),
            },
        };
    }

    private long Mean(ulong total, ulong count) => count == 0 ? 0 : scale.ToNanoseconds(total) / (long)count;
}
