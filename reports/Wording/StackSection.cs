using Tracing.Reports.Model;

namespace Tracing.Reports.Wording;

/// <summary>Where the slowest waits and holds were in the code.</summary>
internal static class StackSection
{
    // The innermost frames say where; the outermost how a thread was started.
    private const int MostFrames = 12;

    public static IEnumerable<ReportSection> Of(LockReport report)
    {
        if (report.Stacks.Count > 0)
        {
            yield return new ReportSection(
                "stacks", "Stacks of the slowest waits and holds",
                [new("of", ColumnKind.Word), new("lasted"), new("mutex", ColumnKind.Word), new("thread", ColumnKind.Word), new("frame, innermost first", ColumnKind.Name)],
                [.. report.Stacks.SelectMany(row => Rows(report, row))],
                []);
        }
    }

    private static IEnumerable<IReadOnlyList<string>> Rows(LockReport report, StackRow row)
    {
        string[] head = [row.Kind == StackKind.Wait ? "wait" : "hold", HumanDuration.Format(row.Ns), row.Mutex, report.Names.OfThread(row.ThreadId)];
        for (int i = 0; i < Math.Min(row.Frames.Count, MostFrames); i++)
        {
            yield return i == 0 ? [.. head, row.Frames[i]] : ["", "", "", "", row.Frames[i]];
        }
    }
}
