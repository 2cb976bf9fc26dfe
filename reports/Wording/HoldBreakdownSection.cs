using System.Globalization;
using Tracing.Reports.Model;

namespace Tracing.Reports.Wording;

/// <summary>What threads did while they held: why holders were slow. Nothing for a recording without scheduling events.</summary>
internal static class HoldBreakdownSection
{
    public static IEnumerable<ReportSection> Of(LockReport report)
    {
        if (report.HoldBreakdowns.Count > 0)
        {
            yield return new ReportSection(
                "hold-breakdown", "What holders did",
                [new("acquired at", ColumnKind.Name), new("holds"), new("held"), new("ran"), new("ready"), new("waited"), new("DPC/ISR"), new("unknown")],
                [.. report.HoldBreakdowns.Select(row => (IReadOnlyList<string>)
                [
                    row.Site?.Short ?? "-", HumanCount.Format(row.Holds), HumanDuration.Format(row.HoldNs), Percent(row.RunningNs, row), Percent(row.ReadyNs, row),
                    Percent(row.WaitingNs, row), Percent(row.InterruptedNs, row), Percent(row.UnknownNs, row),
                ])],
                ["Ready: preempted, or made ready and not yet switched to. In a recording without ReadyThread events that counts as waited."]);
        }
    }

    private static string Percent(long part, HoldBreakdown row) =>
        row.HoldNs == 0 ? "-" : string.Create(CultureInfo.InvariantCulture, $"{100.0 * part / row.HoldNs:0.#} %");
}
