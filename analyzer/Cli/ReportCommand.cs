using System.CommandLine;
using System.Globalization;
using Tracing.Analysis.Reading;
using Tracing.Reports.Data;
using Tracing.Reports.Html;
using Tracing.Reports.Model;
using Tracing.Reports.Text;
using Tracing.Symbols;

namespace Tracing.Cli;

/// <summary><c>kmutex report</c>: what the locks of a recording cost.</summary>
internal static class ReportCommand
{
    public static Command Create(Session session)
    {
        Argument<string[]> file = FilesArgument.Create("The trace: an .etl file. Several files of one recording are read as one; several recordings are merged by label, allocation site and build.");
        var json = new Option<bool>("--json") { Description = "Write JSON (docs/reference/report.schema.json) instead of text." };
        var csv = new Option<bool>("--csv") { Description = "Write one line of comma-separated values per mutex instead of text." };
        var markdown = new Option<bool>("--markdown") { Description = "Write Markdown, for a pull request or a ticket, instead of text." };
        var html = new Option<string?>("--html") { Description = "Write an HTML page too: one file, no network.", HelpName = "OUT.html" };
        var output = new Option<string?>("--output", "-o") { Description = "Write to this file instead of standard output.", HelpName = "OUT" };
        var top = new Option<int>("--top") { Description = "Rows per table of the text.", HelpName = "N", DefaultValueFactory = _ => 20 };
        var sort = new Option<string?>("--sort") { Description = "Order of the mutexes in the text. Without it, waits by total wait and holds by total hold.", HelpName = "acquires|contended|hold|wait" };
        var by = new Option<string>("--by") { Description = "What is put into one row of the text: mutexes of one class (label and allocation site), each mutex, one label, one allocation site; or who used them: one call site, thread, or process.", DefaultValueFactory = _ => "class" };
        var mutex = new Option<string?>("--mutex") { Description = "Only mutexes with this in their name, or of this number.", HelpName = "TEXT|#ID" };
        var site = new Option<string?>("--site") { Description = "Only mutexes allocated, and calls made, where the file, its line or the function has this in its name.", HelpName = "TEXT" };
        Option<long?> since = TimeSpanOption.Create("--since", "Look only at the time from here on, counted from the start of the recording: 2.5s, 100ms.");
        Option<long?> until = TimeSpanOption.Create("--until", "Look only at the time before.");
        by.AcceptOnlyFromAmong("class", "mutex", "label", "site", "callsite", "thread", "process");
        sort.AcceptOnlyFromAmong("wait", "hold", "acquires", "contended");
        top.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, out int rows) && rows < 1)
            {
                result.AddError("--top needs a number from 1 on.");
            }
        });

        var symbols = new Option<string[]>("--symbols") { Description = "Name the functions of call stacks from the PDB files in this folder. May be given again.", HelpName = "DIR" };
        var command = new Command("report", "Waits, holds, IRQL rejections and live mutexes of a trace, and how far they can be trusted.")
        {
            file, json, csv, markdown, html, output, top, sort, by, mutex, site, since, until, symbols,
        };
        command.Validators.Add(result =>
        {
            if (((bool[])[result.GetValue(json), result.GetValue(csv), result.GetValue(markdown)]).Count(chosen => chosen) > 1)
            {
                result.AddError("--json, --csv and --markdown exclude each other: give one of them.");
            }
        });
        var gate = new GateOptions();
        gate.AddTo(command);
        command.SetAction(arguments => Failures.Guard(session, () => Run(
            session, arguments.GetRequiredValue(file), arguments.GetValue(symbols) ?? [], new TimeWindow(Math.Max(0, arguments.GetValue(since) ?? 0), arguments.GetValue(until)), gate.Read(arguments), new ReportFilter(arguments.GetValue(mutex), arguments.GetValue(site)),
            arguments.GetValue(json) ? ReportFormat.Json : arguments.GetValue(csv) ? ReportFormat.Csv : arguments.GetValue(markdown) ? ReportFormat.Markdown : ReportFormat.Text,
            arguments.GetValue(html), arguments.GetValue(output),
            new TextStyle
            {
                Top = arguments.GetValue(top),
                Sort = arguments.GetValue(sort) is string order ? Enum.Parse<MutexOrder>(order, ignoreCase: true) : null,
                By = Enum.TryParse(arguments.GetValue(by), ignoreCase: true, out GroupBy group) ? group : GroupBy.Class,
                Usage = Enum.TryParse(arguments.GetValue(by), ignoreCase: true, out UsageBy usage) ? usage : null,
            })));
        return command;
    }

    private static int Run(Session session, string[] paths, string[] symbols, TimeWindow window, Gate gate, ReportFilter filter, ReportFormat format, string? html, string? output, TextStyle style)
    {
        if (window.UntilNs <= window.SinceNs)
        {
            throw new CommandException(ExitCode.Usage, "--until has to be later than --since.");
        }

        SymbolFolder symbolFolder = SymbolFolders.Of(symbols, paths);
        LockReport whole = AnalyzedTrace.Read(session, paths, new ReadingOptions { Window = window, Timeline = html is not null, Symbols = symbolFolder });
        SymbolFolders.WarnOf(session, symbolFolder);
        LockReport report = filter.Apply(whole);
        if (report.Mutexes.Count < whole.Mutexes.Count)
        {
            session.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{report.Mutexes.Count:N0} of {whole.Mutexes.Count:N0} mutexes are shown; what to fix first is that of the whole recording."));
        }

        if (html is not null)
        {
            OutputFile.Write(session, html, stream => HtmlReport.Write(report, stream));
        }

        if (output is not null)
        {
            OutputFile.Write(session, output, stream => Write(report, format, style, stream));
        }
        else
        {
            Write(report, format, style with { Colour = session.Colour }, session.Output);
        }

        return gate.Judge(session, whole);
    }

    private static void Write(LockReport report, ReportFormat format, TextStyle style, Stream stream)
    {
        if (format == ReportFormat.Json)
        {
            JsonReport.Write(report, stream);
            return;
        }

        using var text = Session.TextInto(stream);
        switch (format)
        {
            case ReportFormat.Csv:
                CsvReport.Write(report, text);
                break;
            case ReportFormat.Markdown:
                MarkdownReport.Write(report, style.Top, text);
                break;
            default:
                TextReport.Write(report, style, text);
                break;
        }
    }

    private enum ReportFormat
    {
        Text,
        Json,
        Csv,
        Markdown,
    }
}
