using Tracing.Reports.Model;
using Tracing.Reports.Wording;

namespace Tracing.Analysis.Findings;

/// <summary>What threads waited for, and why it took so long.</summary>
internal static class WaitFindings
{
    // Who wants the rest has the tables.
    private const int MostOfAKind = 10;

    // Less is not what makes anything slow.
    private const double LeastSharePercent = 5;

    // Waiting that adds up to less than this share of the recording is worth knowing and not worth fixing.
    private const int ShareOfTheRecording = 100;

    // A place that holds so many times longer than the others do, and takes half of the blame, is what to look at.
    private const int SlowHoldFactor = 5;
    private const double MostPercent = 50;

    /// <param name="report">The report.</param>
    /// <param name="waitedFor">Those of its mutexes that were waited for.</param>
    public static IEnumerable<Finding> Of(LockReport report, IReadOnlyList<MutexRow> waitedFor)
    {
        // Mutexes of which neither label nor site is known have nothing in common.
        MutexGroup[] groups =
        [
            .. MutexGroup.ClassesOf(waitedFor.Where(mutex => mutex.Class.IsNamed), report.Mutexes)
                .Concat(MutexGroup.Group([.. waitedFor.Where(mutex => !mutex.Class.IsNamed)], GroupBy.Mutex))
                .OrderByDescending(group => group.Wait.TotalNs),
        ];
        decimal all = groups.Sum(group => (decimal)group.Wait.TotalNs);
        MutexGroup[] worst = [.. groups.Where(group => Percent(group.Wait.TotalNs, all) >= LeastSharePercent).Take(MostOfAKind)];
        return
        [
            .. worst.Select(group => Contention(group, Percent(group.Wait.TotalNs, all), report)),
            .. worst.Select(group => SlowHold(group, report)).OfType<Finding>(),
            .. report.Convoys.Take(MostOfAKind).Select(convoy => Convoy(convoy, waitedFor, report.Trace)),
            .. worst.Select(group => HandOff(group, report.Trace)).OfType<Finding>(),
        ];
    }

    private static Finding Contention(MutexGroup group, double share, LockReport report)
    {
        string ofTheTime = group.Mutexes.Count == 1 && group.Mutexes[0].WaitedForPercent > 0 ? Words.Text($"{group.Mutexes[0].WaitedForPercent:0.#} % of the time, ") : "";
        (SourceSite? site, long blamed) = TopBlamed(group);
        (int? thread, long byThread) = site is null ? (null, 0) : TopBlamedThread(group, site);
        bool dominates = Percent(byThread, blamed) > MostPercent;
        string whose = site is null ? "" : Words.Text($"; {Percent(blamed, group.Wait.TotalNs):F0} % of that while held at {site.Short}");
        string by = dominates ? Words.Text($", {Percent(byThread, blamed):F0} % of it by thread {report.Names.OfThread(thread!.Value)}") : "";
        return new Finding(
            IsWorthFixing(group.Wait.TotalNs, report.Trace) ? FindingSeverity.Warning : FindingSeverity.Note, "contention",
            Words.Text($"{group.Name} was waited for {ofTheTime}{HumanDuration.Format(group.Wait.TotalNs)} in total, {share:F0} % of all waiting{whose}{by}. {Words.Count(group.Contended, "acquire")} of {group.Acquires:N0} had to wait, {HumanDuration.Format(group.Wait.MeanNs)} on average and {HumanDuration.Format(group.Wait.MaxNs)} at worst."))
        {
            Subject = SubjectOf(group),
            Advice = "Hold it for less, take it less often, or split what it guards.",
            Numbers =
            [
                new("waitTotal", group.Wait.TotalNs, "ns"), new("share", share, "percent"), new("blamed", blamed, "ns"), new("contended", group.Contended),
                new("acquires", group.Acquires), new("waitMean", group.Wait.MeanNs, "ns"), new("waitMax", group.Wait.MaxNs, "ns"),
                .. dominates ? (IEnumerable<FindingNumber>)[new("blamedOnThread", byThread, "ns")] : [],
            ],
            Site = site ?? group.Site,
        };
    }

    private static Finding? SlowHold(MutexGroup group, LockReport report)
    {
        (SourceSite? site, long blamed) = TopBlamed(group);
        UsageRow? there = site is null ? null : report.BySite.FirstOrDefault(row => row.Site == site);

        // A place at which other mutexes are acquired too does not tell how long this one is held from there.
        if (there is null || there.Hold.Count == 0 || there.Hold.Count >= group.Hold.Count || there.Hold.TotalNs > group.Hold.TotalNs
            || Percent(blamed, group.Wait.TotalNs) < MostPercent)
        {
            return null;
        }

        HoldBreakdown? did = report.HoldBreakdowns.FirstOrDefault(row => row.Site == site);
        long elsewhere = (group.Hold.TotalNs - there.Hold.TotalNs) / (group.Hold.Count - there.Hold.Count);
        return there.Hold.MeanNs / SlowHoldFactor < elsewhere ? null : new Finding(
            IsWorthFixing(blamed, report.Trace) ? FindingSeverity.Warning : FindingSeverity.Note, "slow-hold",
            Words.Text($"{group.Name} is held for {HumanDuration.Format(there.Hold.MeanNs)} on average when acquired at {site!.Short}, and for {HumanDuration.Format(elsewhere)} elsewhere: {Percent(blamed, group.Wait.TotalNs):F0} % of the waiting for it, {HumanDuration.Format(blamed)}, was for those holds.{WhatHoldersDid(did)}"))
        {
            Subject = $"{SubjectOf(group)} {site.Short}",
            Advice = did is { HoldNs: > 0 } && Percent(did.ReadyNs, did.HoldNs) >= MostPercent
                ? "The holder had no processor: look at its priority, and at what ran instead."
                : "Take out of the lock what needs no lock there: I/O, allocation, waiting, copying.",
            Numbers = [new("blamed", blamed, "ns"), new("holdMean", there.Hold.MeanNs, "ns"), new("holdMeanElsewhere", elsewhere, "ns"), new("holds", there.Hold.Count)],
            Site = site,
        };
    }

    /// <summary>A sentence for a recording that tells of most of the time.</summary>
    private static string WhatHoldersDid(HoldBreakdown? did) => did is null or { HoldNs: 0 } || Percent(did.UnknownNs, did.HoldNs) > MostPercent ? "" : Words.Text(
        $" In those holds the thread ran for {Percent(did.RunningNs, did.HoldNs):F0} % of the time, waited for {Percent(did.WaitingNs, did.HoldNs):F0} %, and was ready without a processor for {Percent(did.ReadyNs, did.HoldNs):F0} %.");

    private static Finding Convoy(Convoy convoy, IEnumerable<MutexRow> waitedFor, TraceSummary trace)
    {
        MutexRow? mutex = waitedFor.FirstOrDefault(row => row.Id == convoy.MutexId && row.Name == convoy.Mutex);
        return new Finding(
            IsWorthFixing(convoy.CostNs, trace) ? FindingSeverity.Warning : FindingSeverity.Note, "convoy",
            Words.Text($"{convoy.Mutex} went from waiter to waiter {convoy.Length:N0} times in a row, its queue never empty, from {HumanDuration.Format(convoy.OnsetNs)} on for {HumanDuration.Format(convoy.DurationNs)}: threads waited {HumanDuration.Format(convoy.CostNs)} in it."))
        {
            Subject = mutex is null ? convoy.Mutex : Words.Class(mutex.Label, mutex.Site),
            Advice = "Let the queue fall apart: hold for less, do several items per acquire, or spread the arrivals.",
            Numbers = [new("handOffs", convoy.Length), new("cost", convoy.CostNs, "ns"), new("lasted", convoy.DurationNs, "ns"), new("runs", convoy.Runs)],
            Site = mutex?.TopWaitingSite ?? mutex?.Site,
        };
    }

    private static Finding? HandOff(MutexGroup group, TraceSummary trace)
    {
        long handOff = group.Mutexes.SaturatingSum(mutex => mutex.HandOffNs);
        return Percent(handOff, group.Wait.TotalNs) < MostPercent || !IsWorthFixing(handOff, trace) ? null : new Finding(
            FindingSeverity.Note, "hand-off",
            Words.Text($"{Percent(handOff, group.Wait.TotalNs):F0} % of the waiting for {group.Name}, {HumanDuration.Format(handOff)}, passed while nobody held it: released, and the next owner not yet running."))
        {
            Subject = SubjectOf(group),
            Advice = "Hand it over less often: take it once for several items. On a busy machine look at the priority of the waiting threads.",
            Numbers = [new("handOff", handOff, "ns"), new("share", Percent(handOff, group.Wait.TotalNs), "percent")],
            Site = group.Site,
        };
    }

    /// <summary>The place whose holds most of the waiting was for. Each mutex of a group names only its own.</summary>
    private static (SourceSite? Site, long Ns) TopBlamed(MutexGroup group) => group.Mutexes.Where(mutex => mutex.TopBlamedSite is not null)
        .GroupBy(mutex => mutex.TopBlamedSite).Select(same => (Site: same.Key, Ns: same.SaturatingSum(mutex => mutex.TopBlamedNs)))
        .OrderByDescending(site => site.Ns).FirstOrDefault();

    /// <summary>The thread to which most of that goes: at least so much, since each mutex of a group names only its own.</summary>
    private static (int? Thread, long Ns) TopBlamedThread(MutexGroup group, SourceSite site) => group.Mutexes.Where(mutex => mutex.TopBlamedSite == site)
        .GroupBy(mutex => mutex.TopBlamedThreadId).Select(same => (Thread: same.Key, Ns: same.SaturatingSum(mutex => mutex.TopBlamedThreadNs)))
        .OrderByDescending(thread => thread.Ns).ThenBy(thread => thread.Thread).FirstOrDefault();

    private static bool IsWorthFixing(long ns, TraceSummary trace) => ns > 0 && ns >= trace.DurationNs / ShareOfTheRecording;

    private static string SubjectOf(MutexGroup group) => Words.Class(group.Mutexes[0].Label, group.Mutexes[0].Site);

    private static double Percent(long part, decimal whole) => whole == 0 ? 0 : 100.0 * (double)(part / whole);
}
