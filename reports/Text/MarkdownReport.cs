using System.Globalization;
using System.Text;
using Tracing.Reports.Model;
using Tracing.Reports.Wording;

namespace Tracing.Reports.Text;

/// <summary>The report in a form for a pull request or a ticket: what it rests on, what to fix first, the mutexes that were waited for, misuse, threads.</summary>
public static class MarkdownReport
{
    // What Markdown, as GitHub and GitLab render it, takes for markup, a mention or a table's border.
    private const string Special = "\\`*_{}[]()<>#+!|~@&";

    /// <summary>Writes a report.</summary>
    /// <param name="report">The report.</param>
    /// <param name="top">Rows per table.</param>
    /// <param name="output">Where to.</param>
    public static void Write(LockReport report, int top, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(output);
        TraceSummary trace = report.Trace;
        output.WriteLine($"### Locks in {Escape(SafeText.Sentence(string.Join(", ", trace.Files.Select(Path.GetFileName))))}");
        output.WriteLine();
        output.WriteLine(Text($"**Trust {trace.Grade}** · {HumanDuration.Format(trace.DurationNs)} · {trace.ProcessorCount} CPUs · {Escape(SafeText.Name(TraceWords.Machine(trace)))} · {trace.DriverEventsRead:N0} driver events · lost {trace.EventsLost:N0} events, {trace.BuffersLost:N0} buffers"));
        output.WriteLine();
        for (int i = 0; i < report.Findings.Count; i++)
        {
            output.WriteLine(Text($"{i + 1}. **{report.Findings[i].Severity}** ({report.Findings[i].Kind}): {Escape(SafeText.Sentence(report.Findings[i].Sentence))}"));
        }

        WriteMutexes(report, top, output);
        IEnumerable<ReportSection> sections =
        [
            .. RecordingSections.Of(report), .. DeadlockSections.Of(report), .. BlameSections.Of(report), .. HoldBreakdownSection.Of(report), .. StackSection.Of(report), .. RejectionSection.Of(report), .. DefectSections.Of(report),
            .. LiveSection.Of(report),
        ];
        if (report.ByThread.Count > 0)
        {
            sections = sections.Append(UsageSection.Of(report, UsageBy.Thread));
        }

        foreach (ReportSection section in sections)
        {
            WriteTable(section.Title, section.Columns, section.Rows, top, output);
        }
    }

    private static void WriteMutexes(LockReport report, int top, TextWriter output)
    {
        SectionColumn[] columns =
        [
            new("mutex", ColumnKind.Name), new("mutexes"), new("acquires"), new("waited"), new("wait total"), new("wait p99"), new("wait max"), new("hold total"), new("hold max"),
        ];
        MutexGroup[] groups = [.. MutexGroup.Group(report.Mutexes, GroupBy.Class).Where(group => group.WasWaitedFor || group.WasHeld)];
        IReadOnlyList<string>[] rows =
        [
            .. groups.Select(group => (IReadOnlyList<string>)
            [
                group.Name, Text($"{group.Mutexes.Count:N0}"), Text($"{group.Acquires:N0} {CountSourceWords.Mark(group.CountedFrom)}").TrimEnd(), Text($"{group.Contended:N0}"),
                HumanDuration.Format(group.Wait.TotalNs), HumanDuration.Format(group.Wait.P99Ns), HumanDuration.Format(group.Wait.MaxNs),
                HumanDuration.Format(group.Hold.TotalNs), HumanDuration.Format(group.Hold.MaxNs),
            ]),
        ];
        if (rows.Length > 0)
        {
            WriteTable("Mutexes", columns, rows, top, output);
        }

        if (groups.Any(group => group.CountedFrom != CountSource.Events))
        {
            output.WriteLine();
            output.WriteLine(Escape(CountSourceWords.Legend));
        }
    }

    private static void WriteTable(string title, IReadOnlyList<SectionColumn> columns, IReadOnlyList<IReadOnlyList<string>> rows, int top, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine($"#### {title}");
        output.WriteLine();
        output.WriteLine($"| {string.Join(" | ", columns.Select(column => column.Head))} |");
        output.WriteLine($"|{string.Join('|', columns.Select(column => column.Kind == ColumnKind.Number ? "---:" : "---"))}|");
        foreach (IReadOnlyList<string> row in rows.Take(top))
        {
            output.WriteLine($"| {string.Join(" | ", row.Select((cell, i) => columns[i].Kind == ColumnKind.Number ? cell : Escape(SafeText.Name(cell))))} |");
        }

        if (rows.Count > top)
        {
            output.WriteLine();
            output.WriteLine(Text($"and {rows.Count - top:N0} more"));
        }
    }

    private static string Escape(string safe)
    {
        var escaped = new StringBuilder();
        foreach (char c in safe)
        {
            escaped.Append(Special.Contains(c, StringComparison.Ordinal) ? $"\\{c}" : $"{c}");
        }

        return escaped.ToString();
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
