using Tracing.Reports.Model;
using Tracing.Reports.Wording;

namespace Tracing.Reports.Text;

/// <summary>
/// The report on a terminal: what it rests on, what to fix first, then tables, all within the width. Plain ASCII but for names out of the trace.
/// </summary>
public sealed class TextReport
{
    private const int MostReasons = 4;
    private const int MostFindings = 3;
    private const int WidestWord = 20;

    private readonly LockReport _report;
    private readonly TextPage _page;

    private TextReport(LockReport report, TextPage page)
    {
        _report = report;
        _page = page;
    }

    private TextStyle Style => _page.Style;

    /// <summary>Writes a report.</summary>
    public static void Write(LockReport report, TextStyle style, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(style);
        ArgumentNullException.ThrowIfNull(output);
        new TextReport(report, new TextPage(output, style)).Write();
    }

    private void Write()
    {
        WriteTrust();
        if (_report.Trace.DriverEventsRead == 0)
        {
            WriteOtherProviders();
        }
        else
        {
            WriteVerdict();
            WriteSections(RecordingSections.Of(_report));
            WriteSections(DeadlockSections.Of(_report));
            WriteUse();
            WriteSections([.. BlameSections.Of(_report), .. HoldBreakdownSection.Of(_report), .. StackSection.Of(_report), .. RejectionSection.Of(_report), .. DefectSections.Of(_report), .. LiveSection.Of(_report)]);
        }

        WriteOddities();
    }

    private void WriteUse()
    {
        if (Style.Usage is UsageBy by)
        {
            WriteSections([UsageSection.Of(_report, by)]);
            return;
        }

        var mutexes = new MutexTables(_report, _page);
        mutexes.WriteWaits();
        mutexes.WriteHolds();
    }

    private void WriteTrust()
    {
        TraceSummary trace = _report.Trace;
        string grade = $"Trust {trace.Grade}";
        grade = trace.Grade switch
        {
            TrustGrade.A => Style.Good(grade),
            TrustGrade.B => Style.Bold(grade),
            TrustGrade.C => Style.Warning(grade),
            _ => Style.Bad(grade),
        };
        string name = string.Join(", ", trace.Files.Select(Path.GetFileName));
        string facts = TextPage.Text($"{HumanDuration.Format(trace.DurationNs)}, {trace.ProcessorCount} CPUs, {SafeText.Fit(SafeText.Escape(TraceWords.Machine(trace)), 48)}");
        _page.Output.WriteLine($"{Style.Bold(SafeText.Fit(SafeText.Escape(name), Style.Width - SafeText.CellsOf(facts) - 2))}  {facts}");
        _page.WriteWrapped(grade + ": ", $"Trust {trace.Grade}: ".Length, TextPage.Text(
            $"{trace.DriverEventsRead:N0} driver events of {trace.EventsRead:N0}, lost {trace.EventsLost:N0} events and {trace.BuffersLost:N0} buffers, {trace.SequenceGaps:N0} gaps, {RundownText(trace.Rundown)}, {IdentitiesText(trace.Identities)}."));
        foreach (string reason in trace.GradeReasons.Take(MostReasons))
        {
            _page.WriteWrapped("  - ", 4, SafeText.Sentence(reason));
        }
    }

    private void WriteVerdict()
    {
        _page.WriteHead("What to fix first");
        if (_report.Findings.Count == 0)
        {
            _page.Output.WriteLine("  Nothing: nobody waited, nothing was rejected, nothing is left over.");
        }

        for (int i = 0; i < Math.Min(MostFindings, _report.Findings.Count); i++)
        {
            Finding finding = _report.Findings[i];
            string number = TextPage.Text($"  {i + 1}. ");
            string painted = finding.Severity switch
            {
                FindingSeverity.Error => Style.Bad(number),
                FindingSeverity.Warning => Style.Warning(number),
                _ => number,
            };
            _page.WriteWrapped(painted, number.Length, $"{finding.Kind}: {SafeText.Sentence(finding.Sentence)}");
        }

        if (_report.Findings.Count > 0)
        {
            _page.WriteNote($"What a finding means, how sure it is, what to do: kmutex explain {_report.Findings[0].Kind}");
        }

        if (_report.Findings.Count > MostFindings)
        {
            int lesser = _report.Findings.Count - MostFindings;
            _page.WriteNote(TextPage.Text($"{lesser:N0} lesser {(lesser == 1 ? "finding is" : "findings are")} in --json and --html."));
        }
    }

    private void WriteSections(IEnumerable<ReportSection> sections)
    {
        foreach (ReportSection section in sections)
        {
            _page.WriteHead(section.Title);
            var table = new TextTable(Style.Width, [.. section.Columns.Select(column =>
                new TextColumn(column.Head, column.Kind == ColumnKind.Number, column.Kind == ColumnKind.Name))]);
            foreach (IReadOnlyList<string> row in section.Rows.Take(Style.Top))
            {
                table.Add([.. row.Select((cell, i) => section.Columns[i].Kind switch
                {
                    ColumnKind.Name => SafeText.Name(cell),
                    ColumnKind.Word => SafeText.Fit(SafeText.Escape(cell), WidestWord),
                    _ => cell,
                })]);
            }

            _page.Write(table);
            _page.WriteRest(section.Rows.Count, "rows");
            foreach (string note in section.Notes)
            {
                _page.WriteNote(SafeText.Sentence(note));
            }
        }
    }

    private void WriteOtherProviders()
    {
        _page.Output.WriteLine();
        _page.WriteWrapped("", 0, "No event of the provider KMutex-Driver is in this recording: record with trace.wprp (wpr -start trace.wprp) while the driver is loaded.");
        if (_report.OtherProviders.Count == 0)
        {
            return;
        }

        _page.WriteHead("What is in it");
        var table = new TextTable(Style.Width, new("provider", AlignRight: false, IsName: true), new("events"));
        foreach (ProviderCount provider in _report.OtherProviders.Take(Style.Top))
        {
            table.Add(provider.Name.Length > 0 ? SafeText.Name(provider.Name) : provider.Id.ToString(), HumanCount.Format(provider.Events));
        }

        _page.Write(table);
        _page.WriteRest(_report.OtherProviders.Count, "providers");
    }

    private void WriteOddities()
    {
        if (_report.Oddities.Count == 0)
        {
            return;
        }

        _page.WriteHead("Oddities");
        foreach (Oddity oddity in _report.Oddities)
        {
            _page.WriteWrapped("  - ", 4, SafeText.Sentence(oddity.Sentence));
        }
    }

    private static string RundownText(RundownState rundown) => rundown switch
    {
        RundownState.Complete => "rundown complete",
        RundownState.Incomplete => "rundown incomplete",
        RundownState.NotNeeded => "every mutex accounted for",
        _ => "no rundown",
    };

    private static string IdentitiesText(IReadOnlyList<IdentityCheck> identities)
    {
        int violated = identities.Count(check => check.Result == IdentityResult.Violated);
        int held = identities.Count(check => check.Result == IdentityResult.Holds);
        return violated > 0 ? TextPage.Text($"{violated} of {violated + held} identities violated")
            : held > 0 ? TextPage.Text($"{held} identities hold")
            : "nothing to check";
    }
}
