using System.CommandLine;
using System.Globalization;
using Tracing.Analysis.Comparing;
using Tracing.Analysis.Reading;
using Tracing.Reports.Data;
using Tracing.Reports.Model;
using Tracing.Reports.Text;
using Tracing.Reports.Wording;

namespace Tracing.Cli;

/// <summary><c>kmutex diff</c>: what has changed from one recording to another, and what of it is more than chance.</summary>
internal static class DiffCommand
{
    private static readonly ReadingOptions WithActivity = new() { Activity = true };

    public static Command Create(Session session)
    {
        var before = new Argument<string>("BEFORE") { Description = "The earlier trace." };
        var after = new Argument<string>("AFTER") { Description = "The later trace, of the same load." };
        var json = new Option<bool>("--json") { Description = "Write JSON (docs/reference/diff.schema.json) instead of text." };
        var output = new Option<string?>("--output", "-o") { Description = "Write to this file instead of standard output.", HelpName = "OUT" };
        var regression = new Option<double?>("--fail-on-regression")
        {
            Description = "Exit with 3 when a wait, a hold or the share of contended acquires has significantly risen by more than so many percent, when a finding of severity Error is new, or when a recording is too incomplete to tell.",
            HelpName = "PERCENT",
        };
        regression.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && double.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out double percent) && !(percent >= 0))
            {
                result.AddError("--fail-on-regression needs a number of percent from 0 on.");
            }
        });
        var command = new Command("diff", "What has changed from one trace to another, and what of it is more than chance.") { before, after, json, output, regression };
        command.SetAction(arguments => Failures.Guard(session, () => Run(
            session, arguments.GetRequiredValue(before), arguments.GetRequiredValue(after), arguments.GetValue(json), arguments.GetValue(output), arguments.GetValue(regression))));
        return command;
    }

    private static int Run(Session session, string before, string after, bool json, string? output, double? mostPercent)
    {
        Comparison comparison = RecordingComparison.Compare(AnalyzedTrace.Read(session, before, WithActivity), AnalyzedTrace.Read(session, after, WithActivity));
        if (output is not null)
        {
            OutputFile.Write(session, output, stream => Write(comparison, json, stream));
        }
        else
        {
            Write(comparison, json, session.Output);
        }

        return mostPercent is double percent ? Judge(session, comparison, percent) : ExitCode.Fine;
    }

    private static void Write(Comparison comparison, bool json, Stream stream)
    {
        if (json)
        {
            JsonComparison.Write(comparison, stream);
            return;
        }

        using var text = Session.TextInto(stream);
        TextComparison.Write(comparison, text);
    }

    private static int Judge(Session session, Comparison comparison, double mostPercent)
    {
        List<string> reasons = [.. comparison.Regressions(mostPercent).Select(ComparisonWords.Describe)];
        foreach (string reason in reasons)
        {
            session.Error.WriteLine($"gate FAILED: {reason}");
        }

        return reasons.Count == 0 ? ExitCode.Fine : ExitCode.Gate;
    }
}
