using Tracing.Analysis.Blame;
using Tracing.Analysis.Loads;
using Tracing.Analysis.Mutexes;
using Tracing.Reports.Model;

namespace Tracing.Analysis.Trust;

/// <summary>
/// Laws that a right report obeys whatever the recording holds. Each compares numbers that were counted apart from each other, so that a
/// mistake of the driver, of the recording or of this analysis shows as a violation instead of as a wrong number.
/// </summary>
internal sealed class IdentityChecks(TraceAnalysis analysis, RecordingFacts recording)
{
    private readonly List<MutexLedger> _mutexes = [.. analysis.Loads.SelectMany(load => load.Mutexes)];

    public IReadOnlyList<IdentityCheck> Run() =>
        [AcquiresAddUp(), WaitsAddUp(), BlameAddsUp(), HoldsAddUp(), HoldsExclude(), SequencesComplete(), CountersAgree(), LiveMutexesAgree(), HoldPartsAddUp()];

    /// <summary>Whether the driver, when it unloaded, counted just the live mutexes that the recording knows of.</summary>
    public static bool AccountsForAllLive(DriverLoad load) =>
        load.Stopped is DriverLoad.Unload stopped && stopped.LiveMutexes == load.Mutexes.Count(mutex => mutex.Live);

    private IdentityCheck AcquiresAddUp()
    {
        long total = _mutexes.Sum(mutex => mutex.Acquires);
        long contended = _mutexes.Sum(mutex => mutex.Contended);
        bool holds = total == analysis.UncontendedAcquires + analysis.ContendedAcquires && contended == analysis.ContendedAcquires;
        return Check("acquires-add-up", "Acquires of all mutexes = uncontended + contended acquire events.", total, holds ? 0 : 1);
    }

    private IdentityCheck WaitsAddUp()
    {
        long wrong = _mutexes.Count(mutex => mutex.Contended != mutex.Waits.Count + mutex.Waits.CutByStart + mutex.Waits.Impossible);
        return Check(
            "waits-add-up", "Contended acquires of a mutex = its waits, measured, cut by the start, or with impossible times.",
            _mutexes.Count(mutex => mutex.Contended > 0), wrong);
    }

    private IdentityCheck BlameAddsUp()
    {
        List<MutexLedger> waited = [.. _mutexes.Where(mutex => mutex.Waits.Count > 0)];
        return Check(
            "blame-adds-up", "Blame + hand-off + unknown = the measured waits of a mutex, in ticks, in total and summed over pairs of sites.",
            waited.Count, waited.Count(mutex => !BlameAddsUp(mutex)));
    }

    private static bool BlameAddsUp(MutexLedger mutex)
    {
        if (mutex.Division is not WaitDivision division)
        {
            return false;
        }

        UInt128 parts = division.Sites.Rows.Aggregate(division.Sites.Other, (sum, row) => sum + row.Ticks);
        return division.Blamed + division.HandedOff + division.NotKnown == mutex.Waits.Total && parts == mutex.Waits.Total;
    }

    private IdentityCheck HoldsAddUp()
    {
        const string Name = "holds-add-up";
        const string Statement = "Outermost acquires and releases of a mutex account for each of its holds, once.";
        if (!analysis.LockEventsRecorded)
        {
            return NotChecked(Name, Statement);
        }

        long wrong = _mutexes.Count(mutex =>
            mutex.OutermostAcquires + mutex.ReleasesWithoutAcquire
            != mutex.Holds.Count + mutex.Holds.Censored + mutex.Holds.Lost + mutex.Holds.Impossible);
        return Check(Name, Statement, _mutexes.Count(mutex => mutex.OutermostAcquires > 0), wrong);
    }

    private IdentityCheck HoldsExclude() => Check(
        "holds-exclude", "No two holds of one mutex overlap.",
        _mutexes.Sum(mutex => mutex.HoldsCompared), _mutexes.Sum(mutex => mutex.HoldsOverlapping));

    private IdentityCheck SequencesComplete()
    {
        const string Name = "sequences-complete";
        const string Statement = "Each acquisition of a mutex, from its first to its last in the recording, is there.";
        if (!analysis.LockEventsRecorded)
        {
            return NotChecked(Name, Statement);
        }

        UInt128 missing = _mutexes.Aggregate(UInt128.Zero, (sum, mutex) => sum + mutex.MissingSequences);
        UInt128 known = _mutexes.Aggregate(missing, (sum, mutex) => sum + mutex.DistinctSequences);
        return Check(Name, Statement, Saturate(known), Saturate(missing));
    }

    private IdentityCheck CountersAgree()
    {
        const string Name = "counters-agree";
        const string Statement = "The driver's final counters of a mutex equal what its events add up to.";
        if (!analysis.LockEventsRecorded || !recording.IsComplete)
        {
            return NotChecked(Name, Statement);
        }

        List<MutexLedger> whole = [.. _mutexes.Where(mutex => mutex.BornInTrace && mutex.Freed)];
        return Check(Name, Statement, whole.Count, whole.Count(mutex => !CountersAgree(mutex, mutex.LastCounters!.Values)));
    }

    private static bool CountersAgree(MutexLedger mutex, in MutexCounters counters)
    {
        bool acquires = counters.Acquires == (ulong)mutex.Acquires && counters.Contended == (ulong)mutex.Contended;

        // The driver counts waits under the mutex: of those that were given up it keeps no total.
        bool waits = mutex.Waits.Total == counters.WaitTotal && mutex.Waits.Max == counters.WaitMax;

        // Holds are timed only while somebody listens: totals can be compared only if the driver timed as many as were seen.
        bool holds = counters.TimedHolds != (ulong)mutex.Holds.Count
            || (mutex.Holds.Total == counters.HoldTotal && mutex.Holds.Max == counters.HoldMax);

        // The keyword Irql may not have been asked for.
        bool rejections = mutex.Rejections == 0 || counters.Rejected == (ulong)mutex.Rejections;
        return acquires && waits && holds && rejections;
    }

    private IdentityCheck LiveMutexesAgree()
    {
        const string Name = "live-mutexes-agree";
        const string Statement = "The driver, at unload, counted as many live mutexes as the recording shows.";
        List<DriverLoad> unloaded = [.. analysis.Loads.Where(load => load.Stopped is not null)];
        return !analysis.LifetimesRecorded || !recording.IsComplete
            ? NotChecked(Name, Statement)
            : Check(Name, Statement, unloaded.Count, unloaded.Count(load => !AccountsForAllLive(load)));
    }

    private IdentityCheck HoldPartsAddUp()
    {
        List<SiteLedger> divided = [.. analysis.Loads.SelectMany(load => load.Sites.All).Where(site => site.Division.Holds > 0)];
        return Check(
            "hold-parts-add-up", "Running + ready + waiting + interrupted + unknown = the divided holds of a site, in ticks.",
            divided.Count, divided.Count(site => site.Division.Parts != site.Division.Total));
    }

    private static IdentityCheck Check(string name, string statement, long tried, long violations) =>
        new(name, statement, tried == 0 ? IdentityResult.NotChecked : violations == 0 ? IdentityResult.Holds : IdentityResult.Violated, tried, violations);

    private static IdentityCheck NotChecked(string name, string statement) => new(name, statement, IdentityResult.NotChecked, 0, 0);

    private static long Saturate(UInt128 value) => value > (UInt128)long.MaxValue ? long.MaxValue : (long)value;
}
