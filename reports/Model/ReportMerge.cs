namespace Tracing.Reports.Model;

/// <summary>
/// Several recordings as one report: its rows are those of all, and mutexes of one class (label, allocation site and build) come together where rows are grouped, with
/// histograms that add up. Call sites are one where file, line and member are. Nothing is matched by address, id, or thread, which mean nothing in another recording.
/// </summary>
/// <remarks>
/// What has a meaning within one recording only is left to that recording's own report, which is kept in <see cref="LockReport.Recordings"/>: who made whom wait by thread,
/// the paths of the slowest waits, the timeline, the candidates for FastMutex, and the use by thread and process. Times are since the start of the recording that a row is of.
/// </remarks>
public static class ReportMerge
{
    /// <summary>Merges.</summary>
    /// <param name="reports">The reports, one at least, in the order in which they are to be shown.</param>
    public static LockReport Merge(IReadOnlyList<LockReport> reports)
    {
        ArgumentNullException.ThrowIfNull(reports);
        ArgumentOutOfRangeException.ThrowIfZero(reports.Count);
        BlameSummary blame = BlameMerge.Merge([.. reports.Select(report => report.Blame)]);
        return new LockReport
        {
            Trace = Merge([.. reports.Select(report => report.Trace)]),
            Recordings = reports,
            Findings = MergeFindings(reports),
            Mutexes = [.. reports.SelectMany(report => report.Mutexes)],
            AllWaits = DurationSummary.Combine(reports.Select(report => report.AllWaits)),
            AllHolds = DurationSummary.Combine(reports.Select(report => report.AllHolds)),
            IrqlRejections = [.. reports.SelectMany(report => report.IrqlRejections).OrderByDescending(row => row.Count)],
            LiveMutexes = [.. reports.SelectMany(report => report.LiveMutexes)],
            Deadlocks = [.. reports.SelectMany(report => report.Deadlocks)],
            DeadlocksNotKept = reports.SaturatingSum(report => report.DeadlocksNotKept),
            Abandonments = [.. reports.SelectMany(report => report.Abandonments)],
            AllocationFailures = [.. reports.SelectMany(report => report.AllocationFailures).OrderByDescending(row => row.Count)],
            Growth = [.. reports.SelectMany(report => report.Growth).OrderByDescending(growth => growth.PerSecond)],
            PossibleDeadlocks = [.. reports.SelectMany(report => report.PossibleDeadlocks)],
            PossibleDeadlocksIncomplete = reports.Any(report => report.PossibleDeadlocksIncomplete),
            LockOrders = [.. reports.SelectMany(report => report.LockOrders)],
            LockOrdersNotKept = reports.SaturatingSum(report => report.LockOrdersNotKept),
            Blame = blame,
            BySite = TopBlame.OfSites(MergeUsage(reports), blame with { Sites = [.. blame.Sites.Where(pair => pair.WaiterSite is not { File.Length: 0 })] }),
            Convoys =
            [
                .. reports.SelectMany(report => report.Convoys.Select(convoy => convoy with { Recording = NameOf(report.Trace) }))
                    .OrderByDescending(convoy => convoy.CostNs),
            ],
            HoldBreakdowns = MergeBreakdowns(reports),
            Stacks = [.. reports.SelectMany(report => report.Stacks).OrderBy(row => row.Kind).ThenByDescending(row => row.Ns)],
            Misuses = [.. reports.SelectMany(report => report.Misuses).OrderByDescending(row => row.Count)],
            Oddities =
            [
                .. reports.SelectMany(report => report.Oddities).GroupBy(oddity => oddity.Kind).Select(
                    same => same.Count() == 1 ? same.First() : new Oddity(same.Key, same.SaturatingSum(oddity => oddity.Count), -1, same.MaxBy(oddity => oddity.Count)!.Sentence)),
            ],
            OtherProviders = reports.All(report => report.Trace.DriverEventsRead == 0) ? reports[0].OtherProviders : [],
        };
    }

    private static IReadOnlyList<UsageRow> MergeUsage(IReadOnlyList<LockReport> reports) =>
        UsageRow.Rank(reports.SelectMany((report, i) => report.BySite.Select(row => (Place: MergedSite.Of(row.Site, i), Row: row)))
            .GroupBy(pair => pair.Place, pair => pair.Row).Select(same => UsageRow.Combine([.. same])));

    private static IReadOnlyList<HoldBreakdown> MergeBreakdowns(IReadOnlyList<LockReport> reports) =>
    [
        .. reports.SelectMany((report, i) => report.HoldBreakdowns.Select(row => (Place: MergedSite.Of(row.Site, i), Row: row)))
            .GroupBy(pair => pair.Place, pair => pair.Row)
            .Select(same => new HoldBreakdown(
                same.Key.Site, same.SaturatingSum(row => row.Holds), same.SaturatingSum(row => row.HoldNs), same.SaturatingSum(row => row.RunningNs),
                same.SaturatingSum(row => row.ReadyNs), same.SaturatingSum(row => row.WaitingNs), same.SaturatingSum(row => row.InterruptedNs),
                same.SaturatingSum(row => row.UnknownNs)))
            .OrderByDescending(row => row.HoldNs).ThenBy(row => row.Site?.Short, StringComparer.Ordinal).ThenBy(row => row.Site, SourceSite.Order),
    ];

    private static TraceSummary Merge(IReadOnlyList<TraceSummary> traces) => new()
    {
        Files = [.. traces.SelectMany(trace => trace.Files)],
        StartUtc = traces.Min(trace => trace.StartUtc),
        EndUtc = traces.All(trace => trace.EndUtc is not null) ? traces.Max(trace => trace.EndUtc) : null,
        DurationNs = traces.SaturatingSum(trace => trace.DurationNs),
        ProcessorCount = traces.Max(trace => trace.ProcessorCount),
        OsBuild = string.Join(", ", traces.Select(trace => trace.OsBuild).Distinct()),
        RecordedBy = string.Join(", ", traces.Select(trace => trace.RecordedBy).Distinct()),
        IsSimulated = traces.All(trace => trace.IsSimulated),
        ClockFrequency = traces[0].ClockFrequency,
        EventsRead = traces.SaturatingSum(trace => trace.EventsRead),
        DriverEventsRead = traces.SaturatingSum(trace => trace.DriverEventsRead),
        EventsLost = traces.SaturatingSum(trace => trace.EventsLost),
        BuffersLost = traces.SaturatingSum(trace => trace.BuffersLost),
        SequenceGaps = traces.SaturatingSum(trace => trace.SequenceGaps),
        Rundown = Merge([.. traces.Select(trace => trace.Rundown)]),
        LeaksAreCertain = traces.All(trace => trace.LeaksAreCertain),
        LiveAtUnload = traces.Any(trace => trace.LiveAtUnload is not null) ? traces.SaturatingSum(trace => trace.LiveAtUnload ?? 0) : null,
        LockEventsRecorded = traces.All(trace => trace.LockEventsRecorded),
        Identities = [.. traces.SelectMany(trace => trace.Identities).GroupBy(check => (check.Name, check.Statement)).Select(same => new IdentityCheck(
            same.Key.Name, same.Key.Statement, same.Max(check => check.Result), same.SaturatingSum(check => check.Checked), same.SaturatingSum(check => check.Violations)))],
        Grade = traces.Max(trace => trace.Grade),
        GradeReasons = [.. traces.SelectMany(trace => trace.GradeReasons.Select(reason => $"{NameOf(trace)}: {reason}"))],
    };

    private static RundownState Merge(RundownState[] states) =>
        states.Contains(RundownState.Absent) ? RundownState.Absent
        : states.Contains(RundownState.Incomplete) ? RundownState.Incomplete
        : states.Contains(RundownState.Complete) ? RundownState.Complete
        : RundownState.NotNeeded;

    /// <summary>What to call a recording: its files, without their folders.</summary>
    private static string NameOf(TraceSummary trace) => string.Join(", ", trace.Files.Select(Path.GetFileName));

    /// <summary>A finding of one kind about one subject is one finding, with the sentence of the recording in which it is gravest.</summary>
    private static IReadOnlyList<Finding> MergeFindings(IReadOnlyList<LockReport> reports)
    {
        var all = reports.SelectMany(report => report.Findings.Select((finding, rank) => (finding, rank, report.Trace)));
        return
        [
            .. all.GroupBy(one => (one.finding.Kind, one.finding.Subject)).Select(same =>
                {
                    var gravest = same.OrderByDescending(one => one.finding.Severity).ThenBy(one => one.rank).First();
                    string often = same.Count() == 1 ? "" : $", and in {same.Count() - 1} more";
                    return (gravest.rank, Finding: gravest.finding with { Sentence = $"{gravest.finding.Sentence.TrimEnd('.')} (in {NameOf(gravest.Trace)}{often})." });
                })
                .OrderByDescending(one => one.Finding.Severity).ThenBy(one => one.rank).Select(one => one.Finding),
        ];
    }
}
