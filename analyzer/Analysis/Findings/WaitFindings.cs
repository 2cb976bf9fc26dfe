using Tracing.Reports.Model;
using Tracing.Reports.Wording;

namespace Tracing.Analysis.Findings;

/// <summary>What threads waited for.</summary>
internal static class WaitFindings
{
    // Who wants the rest has the table of waits.
    private const int MostClasses = 10;

    // Less is not what makes anything slow.
    private const double LeastSharePercent = 5;

    // Waiting that adds up to less than this share of the recording is worth knowing and not worth fixing.
    private const int ShareOfTheRecording = 100;

    public static IEnumerable<Finding> Of(LockReport report)
    {
        // Mutexes of which neither label nor site is known have nothing in common.
        MutexGroup[] groups =
        [
            .. MutexGroup.Group(report.Mutexes.Where(IsNamed), GroupBy.Class).Concat(MutexGroup.Group(report.Mutexes.Where(mutex => !IsNamed(mutex)), GroupBy.Mutex))
                .OrderByDescending(group => group.Wait.TotalNs),
        ];
        decimal all = groups.Sum(group => (decimal)group.Wait.TotalNs);
        return groups.Where(group => group.Wait.TotalNs > 0 && 100.0 * (double)(group.Wait.TotalNs / all) >= LeastSharePercent).Take(MostClasses)
            .Select(group => Contention(group, 100.0 * (double)(group.Wait.TotalNs / all), report.Trace));
    }

    private static bool IsNamed(MutexRow mutex) => mutex.Label.Length > 0 || mutex.Site is not null;

    private static Finding Contention(MutexGroup group, double share, TraceSummary trace)
    {
        MutexRow first = group.Mutexes[0];
        return new Finding(
            group.Wait.TotalNs < trace.DurationNs / ShareOfTheRecording ? FindingSeverity.Note : FindingSeverity.Warning, "contention",
            Words.Text($"{group.Name} was waited for {HumanDuration.Format(group.Wait.TotalNs)} in total, {share:F0} % of all waiting: {Words.Count(group.Contended, "acquire")} of {group.Acquires:N0} had to wait, {HumanDuration.Format(group.Wait.MeanNs)} on average and {HumanDuration.Format(group.Wait.MaxNs)} at worst."))
        {
            Subject = Words.Class(first.Label, first.Site),
            Advice = "Hold it for less, take it less often, or split what it guards.",
            Numbers =
            [
                new("waitTotal", group.Wait.TotalNs, "ns"), new("share", share, "percent"), new("contended", group.Contended), new("acquires", group.Acquires),
                new("waitMean", group.Wait.MeanNs, "ns"), new("waitMax", group.Wait.MaxNs, "ns"),
            ],
            Site = group.Site,
        };
    }
}
