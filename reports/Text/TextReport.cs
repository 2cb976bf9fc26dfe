using System.Globalization;
using Tracing.Reports.Model;
using Tracing.Reports.Wording;

namespace Tracing.Reports.Text;

/// <summary>
/// The report on a terminal: what it rests on, what to fix first, then tables, all within the width. Plain ASCII but for names out of the trace.
/// </summary>
public sealed class TextReport
{
    private const int MostReasons = 4;

    private readonly LockReport _report;
    private readonly TextStyle _style;
    private readonly TextWriter _output;

    private TextReport(LockReport report, TextStyle style, TextWriter output)
    {
        _report = report;
        _style = style;
        _output = output;
    }

    /// <summary>Writes a report.</summary>
    public static void Write(LockReport report, TextStyle style, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(style);
        ArgumentNullException.ThrowIfNull(output);
        new TextReport(report, style, output).Write();
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
            WriteWaits();
            WriteHolds();
            WriteRejections();
            WriteLive();
        }

        WriteOddities();
    }

    private void WriteTrust()
    {
        TraceSummary trace = _report.Trace;
        string grade = $"Trust {trace.Grade}";
        grade = trace.Grade switch
        {
            TrustGrade.A => _style.Good(grade),
            TrustGrade.B => _style.Bold(grade),
            TrustGrade.C => _style.Warning(grade),
            _ => _style.Bad(grade),
        };
        string name = string.Join(", ", trace.Files.Select(Path.GetFileName));
        string facts = Text($"{HumanDuration.Format(trace.DurationNs)}, {trace.ProcessorCount} CPUs, Windows {SafeText.Fit(SafeText.Escape(trace.OsBuild), 24)}");
        _output.WriteLine($"{_style.Bold(SafeText.Fit(SafeText.Escape(name), _style.Width - SafeText.CellsOf(facts) - 2))}  {facts}");
        WriteWrapped(grade + ": ", $"Trust {trace.Grade}: ".Length, Text(
            $"{trace.DriverEventsRead:N0} driver events of {trace.EventsRead:N0}, lost {trace.EventsLost:N0} events and {trace.BuffersLost:N0} buffers, {trace.SequenceGaps:N0} gaps, {RundownText(trace.Rundown)}, {IdentitiesText(trace.Identities)}."));
        foreach (string reason in trace.GradeReasons.Take(MostReasons))
        {
            WriteWrapped("  - ", 4, SafeText.Escape(reason));
        }
    }

    private void WriteVerdict()
    {
        WriteHead("What to fix first");
        if (_report.Findings.Count == 0)
        {
            _output.WriteLine("  Nothing: nobody waited, nothing was rejected, nothing is left over.");
        }

        for (int i = 0; i < _report.Findings.Count; i++)
        {
            Finding finding = _report.Findings[i];
            string number = Text($"  {i + 1}. ");
            string painted = finding.Severity switch
            {
                FindingSeverity.Error => _style.Bad(number),
                FindingSeverity.Warning => _style.Warning(number),
                _ => number,
            };
            WriteWrapped(painted, number.Length, SafeText.Escape(finding.Sentence));
        }
    }

    private void WriteWaits()
    {
        if (_report.Mutexes.Count == 0)
        {
            return;
        }

        WriteHead("Waits");
        var table = new TextTable(
            _style.Width, new("mutex", AlignRight: false, IsName: true), new("acquires"), new("waited"), new("%"), new("total"), new("mean"),
            new("p50"), new("p99"), new("max"), new("", AlignRight: false));
        foreach (MutexRow mutex in Top())
        {
            table.Add([
                SafeText.Escape(mutex.Name), Count(mutex.Acquires), Count(mutex.Contended), Percent(mutex),
                .. Columns(mutex.Wait), SourceMark(mutex)]);
        }

        table.Write(_output, _style);
        WriteRest();
        WriteCut("waits", _report.AllWaits);
        if (_report.Mutexes.Any(mutex => mutex.CountedFrom != CountSource.Events))
        {
            WriteWrapped("  ", 2, "c: counted by the driver's own counters. w: only acquires that waited were recorded.");
        }
    }

    private void WriteHolds()
    {
        if (!_report.Mutexes.Any(mutex => mutex.Hold.Count + mutex.Hold.Censored.Count + mutex.Hold.Unknown > 0))
        {
            return;
        }

        WriteHead("Holds");
        var table = new TextTable(
            _style.Width, new("mutex", AlignRight: false, IsName: true), new("holds"), new("depth"), new("% of time"), new("total"), new("mean"),
            new("p50"), new("p99"), new("max"));
        foreach (MutexRow mutex in Top())
        {
            table.Add([
                SafeText.Escape(mutex.Name), Count(mutex.Hold.Count), Count(mutex.DeepestRecursion), Share(mutex.Hold.TotalNs),
                .. Columns(mutex.Hold)]);
        }

        table.Write(_output, _style);
        WriteRest();
        WriteCut("holds", _report.AllHolds);
    }

    private void WriteRejections()
    {
        if (_report.IrqlRejections.Count == 0)
        {
            return;
        }

        WriteHead("Refused because of the IRQL");
        var table = new TextTable(
            _style.Width, new("mutex", AlignRight: false, IsName: true), new("operation", AlignRight: false), new("called at", AlignRight: false),
            new("legal up to", AlignRight: false), new("site", AlignRight: false), new("times"));
        foreach (IrqlRejectionRow row in _report.IrqlRejections.Take(_style.Top))
        {
            table.Add(
                row.Mutex.Length == 0 ? "-" : SafeText.Escape(row.Mutex), SafeText.Fit(SafeText.Escape(row.Operation), 9), IrqlName.Of(row.Irql),
                IrqlName.Of(row.MaximumIrql), SiteText(row.Site), Count(row.Count));
        }

        table.Write(_output, _style);
        WriteRest(_report.IrqlRejections.Count, "rows");
    }

    private void WriteLive()
    {
        if (_report.LiveMutexes.Count == 0)
        {
            return;
        }

        WriteHead("Live at the end");
        var table = new TextTable(
            _style.Width, new("mutex", AlignRight: false, IsName: true), new("state", AlignRight: false), new("site", AlignRight: false),
            new("count"), new("bytes"), new("oldest"), new("held"));
        IReadOnlyList<LiveGroup> groups = LiveGroup.Group(_report.LiveMutexes);
        foreach (LiveGroup group in groups.Take(_style.Top))
        {
            table.Add(
                SafeText.Escape(group.Name), group.State == LiveState.Leaked ? "leaked" : "live", SiteText(group.Site), Count(group.Count),
                Count(group.Bytes), group.OldestNs is long age ? HumanDuration.Format(age) : "-", Count(group.Held));
        }

        table.Write(_output, _style);
        WriteRest(groups.Count, "rows");
    }

    private void WriteOtherProviders()
    {
        _output.WriteLine();
        WriteWrapped("", 0, "No event of the provider KMutex-Driver is in this recording: record with trace.wprp (wpr -start trace.wprp) while the driver is loaded.");
        if (_report.OtherProviders.Count == 0)
        {
            return;
        }

        WriteHead("What is in it");
        var table = new TextTable(_style.Width, new("provider", AlignRight: false, IsName: true), new("events"));
        foreach (ProviderCount provider in _report.OtherProviders.Take(_style.Top))
        {
            table.Add(provider.Name.Length > 0 ? SafeText.Escape(provider.Name) : provider.Id.ToString(), Count(provider.Events));
        }

        table.Write(_output, _style);
        WriteRest(_report.OtherProviders.Count, "providers");
    }

    private void WriteOddities()
    {
        if (_report.Oddities.Count == 0)
        {
            return;
        }

        WriteHead("Oddities");
        foreach (Oddity oddity in _report.Oddities)
        {
            WriteWrapped("  - ", 4, SafeText.Escape(oddity.Sentence));
        }
    }

    private IEnumerable<MutexRow> Top() => MutexRanking.Rank(_report.Mutexes, _style.Sort).Take(_style.Top);

    private void WriteHead(string title)
    {
        _output.WriteLine();
        _output.WriteLine(_style.Bold(title));
    }

    private void WriteRest() => WriteRest(_report.Mutexes.Count, "mutexes");

    private void WriteRest(int count, string what)
    {
        if (count > _style.Top)
        {
            _output.WriteLine(_style.Dim(Text($"  and {count - _style.Top:N0} more of {count:N0} {what}: --top {count}")));
        }
    }

    private void WriteCut(string what, DurationSummary all)
    {
        if (all.Censored.Count > 0)
        {
            WriteWrapped("  ", 2, Text(
                $"{all.Censored.Count:N0} {what} are cut by an edge of the recording and not in the numbers above: the longest lasted at least {HumanDuration.Format(all.Censored.AtLeastMaxNs)}."));
        }

        if (all.Unknown > 0)
        {
            WriteWrapped("  ", 2, Text($"{all.Unknown:N0} {what} have no known length and are not in the numbers above."));
        }
    }

    /// <summary>Writes words in lines of the width, each but the first indented to below the prefix.</summary>
    private void WriteWrapped(string prefix, int prefixCells, string text)
    {
        int room = Math.Max(20, _style.Width - prefixCells);
        string indent = new(' ', prefixCells);
        string start = prefix;
        string line = "";
        foreach (string word in text.Split(' '))
        {
            string rest = word;
            if (line.Length > 0 && SafeText.CellsOf(line) + 1 + SafeText.CellsOf(rest) > room)
            {
                _output.WriteLine(start + line);
                (start, line) = (indent, "");
            }

            rest = SafeText.Fit(rest, room);
            line = line.Length == 0 ? rest : line + " " + rest;
        }

        _output.WriteLine(start + line);
    }

    private static string[] Columns(DurationSummary duration) =>
    [
        Duration(duration.Count, duration.TotalNs), Duration(duration.Count, duration.MeanNs), Duration(duration.Sampled, duration.P50Ns),
        Duration(duration.Sampled, duration.P99Ns), Duration(duration.Count, duration.MaxNs),
    ];

    private static string Duration(long count, long nanoseconds) => count == 0 ? "-" : HumanDuration.Format(nanoseconds);

    private string Share(long nanoseconds) => _report.Trace.DurationNs == 0 ? "-"
        : nanoseconds > _report.Trace.DurationNs ? ">100"
        : Text($"{100.0 * nanoseconds / _report.Trace.DurationNs:0.0}");

    private static string Percent(MutexRow mutex) =>
        mutex.Acquires == 0 || mutex.Contended > mutex.Acquires || mutex.CountedFrom == CountSource.ContendedEvents
            ? "-" : Text($"{mutex.ContendedPercent:0.0}");

    private static string SourceMark(MutexRow mutex) => mutex.CountedFrom switch
    {
        CountSource.Counters => "c",
        CountSource.ContendedEvents => "w",
        _ => "",
    };

    private static string SiteText(SourceSite? site) => site is null ? "-" : SafeText.Fit(SafeText.Escape(site.Short), 20);

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
        return violated > 0 ? Text($"{violated} of {violated + held} identities violated")
            : held > 0 ? Text($"{held} identities hold")
            : "nothing to check";
    }

    // Beyond a billion the digits would push the names out of the table.
    private static string Count(long count) => count switch
    {
        < 1_000_000_000 => Text($"{count:N0}"),
        < 1_000_000_000_000 => Text($"{count / 1e9:0.00} G"),
        < 1_000_000_000_000_000 => Text($"{count / 1e12:0.00} T"),
        _ => Text($"{count / 1e15:0.00} P"),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
