using Tracing.Analysis.Blame;
using Tracing.Analysis.Durations;
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
    private readonly Law _waits = new("waits-add-up", "Contended acquires of a mutex = its waits, measured, cut by the start, or with impossible times.");
    private readonly Law _blame = new("blame-adds-up", "Blame + hand-off + unknown = the measured waits of a mutex, in ticks, in total and summed over pairs of sites.");
    private readonly Law _holds = new("holds-add-up", "Outermost acquires and releases of a mutex account for each of its holds, once.");
    private readonly Law _counters = new("counters-agree", "The driver's final counters of a mutex equal what its events add up to.");
    private long _acquires;
    private long _contended;
    private long _holdsCompared;
    private long _holdsOverlapping;
    private UInt128 _numbersSeen;
    private UInt128 _numbersMissing;

    public IReadOnlyList<IdentityCheck> Run()
    {
        // Once over all of them, and not once for each law: a million mutexes lie in no cache.
        foreach (MutexLedger mutex in analysis.Loads.SelectMany(load => load.Mutexes))
        {
            Take(mutex);
        }

        return
        [
            AcquiresAddUp(), _waits.Check(), _blame.Check(), analysis.LockEventsRecorded ? _holds.Check() : _holds.NotChecked(), HoldsExclude(), SequencesComplete(),
            analysis.LockEventsRecorded && recording.IsComplete ? _counters.Check() : _counters.NotChecked(), LiveMutexesAgree(), HoldPartsAddUp(),
        ];
    }

    /// <summary>Whether the driver, when it unloaded, counted just the live mutexes that the recording knows of.</summary>
    public static bool AccountsForAllLive(DriverLoad load) =>
        load.Stopped is DriverLoad.Unload stopped && stopped.LiveMutexes == load.CountLive();

    private void Take(MutexLedger mutex)
    {
        // Of a mutex that was used once they are added up anew each time.
        DurationTally holds = mutex.Holds;
        _acquires += mutex.Acquires;
        _contended += mutex.Contended;
        _holdsCompared += mutex.HoldsCompared;
        _holdsOverlapping += mutex.HoldsOverlapping;
        _numbersSeen += mutex.DistinctSequences;
        _numbersMissing += mutex.MissingSequences;
        _waits.Take(mutex.Contended > 0, mutex.Contended == mutex.Waits.Count + mutex.Waits.CutByStart + mutex.Waits.Impossible);
        _blame.Take(mutex.Waits.Count > 0, mutex.Waits.Count == 0 || BlameAddsUp(mutex));
        _holds.Take(
            mutex.OutermostAcquires > 0,
            mutex.OutermostAcquires + mutex.ReleasesWithoutAcquire == holds.Count + holds.Censored + holds.Lost + holds.Impossible);
        bool isWhole = mutex is { BornInTrace: true, Freed: true };
        _counters.Take(isWhole, !isWhole || CountersAgree(mutex, holds, mutex.LastCounters!.Values));
    }

    private IdentityCheck AcquiresAddUp()
    {
        bool holds = _acquires == analysis.UncontendedAcquires + analysis.ContendedAcquires && _contended == analysis.ContendedAcquires;
        return Check("acquires-add-up", "Acquires of all mutexes = uncontended + contended acquire events.", _acquires, holds ? 0 : 1);
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

    private IdentityCheck HoldsExclude() => Check("holds-exclude", "No two holds of one mutex overlap.", _holdsCompared, _holdsOverlapping);

    private IdentityCheck SequencesComplete()
    {
        const string Name = "sequences-complete";
        const string Statement = "Each acquisition of a mutex, from its first to its last in the recording, is there.";
        return analysis.LockEventsRecorded
            ? Check(Name, Statement, Saturate(_numbersSeen + _numbersMissing), Saturate(_numbersMissing))
            : NotChecked(Name, Statement);
    }

    private static bool CountersAgree(MutexLedger mutex, in DurationTally holds, in MutexCounters counters)
    {
        bool acquires = counters.Acquires == (ulong)mutex.Acquires && counters.Contended == (ulong)mutex.Contended;

        // The driver counts waits under the mutex: of those that were given up it keeps no total.
        bool waits = mutex.Waits.Total == counters.WaitTotal && mutex.Waits.Max == counters.WaitMax;

        // Holds are timed only while somebody listens: totals can be compared only if the driver timed as many as were seen.
        bool timedHolds = counters.TimedHolds != (ulong)holds.Count || (holds.Total == counters.HoldTotal && holds.Max == counters.HoldMax);

        // The keyword Irql may not have been asked for.
        bool rejections = mutex.Rejections == 0 || counters.Rejected == (ulong)mutex.Rejections;
        return acquires && waits && timedHolds && rejections;
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

    /// <summary>A law that each mutex obeys by itself.</summary>
    private sealed class Law(string name, string statement)
    {
        private long _tried;
        private long _violations;

        public void Take(bool isTried, bool holds)
        {
            _tried += isTried ? 1 : 0;
            _violations += holds ? 0 : 1;
        }

        public IdentityCheck Check() => IdentityChecks.Check(name, statement, _tried, _violations);

        public IdentityCheck NotChecked() => IdentityChecks.NotChecked(name, statement);
    }
}
