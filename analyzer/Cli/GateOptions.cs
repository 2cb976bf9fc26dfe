using System.CommandLine;
using System.CommandLine.Parsing;
using Tracing.Reports.Gate;
using Tracing.Reports.Model;
using Tracing.Reports.Wording;

namespace Tracing.Cli;

/// <summary>The options of <c>kmutex report</c> that make it a gate for a build.</summary>
internal sealed class GateOptions
{
    private readonly Option<string?> _failOn = new("--fail-on")
    {
        Description = "Exit with 3 when one of these rules fires, or the trace cannot answer it: \"p99 wait > 200us; leaks > 0; new findings\". The grammar is in docs/reference/gate.md.",
        HelpName = "RULES",
    };

    private readonly Option<string?> _baseline = new("--baseline")
    {
        Description = "A report written earlier by --json: what it has found is not new.",
        HelpName = "FILE.json",
    };

    private readonly Option<string?> _junit = new("--junit") { Description = "Write the results of the rules as JUnit XML, too.", HelpName = "OUT.xml" };

    private readonly Option<string?> _sarif = new("--sarif") { Description = "Write the findings and the results of the rules as SARIF 2.1.0, too.", HelpName = "OUT.sarif" };

    public void AddTo(Command command)
    {
        command.Add(_failOn);
        command.Add(_baseline);
        command.Add(_junit);
        command.Add(_sarif);
        command.Validators.Add(Validate);
    }

    /// <summary>Reads what was given, before a trace is read for nothing.</summary>
    /// <exception cref="CommandException">The baseline cannot be read.</exception>
    public Gate Read(ParseResult arguments) => new(
        arguments.GetValue(_failOn) is string rules ? GateParser.Parse(rules, ExplainCommand.Findings) : [],
        arguments.GetValue(_baseline) is string path ? ReadBaseline(path) : null,
        arguments.GetValue(_junit), arguments.GetValue(_sarif));

    private void Validate(CommandResult result)
    {
        string? text = result.GetValue(_failOn);
        if (text is null)
        {
            if (result.GetValue(_junit) is not null || result.GetValue(_baseline) is not null)
            {
                result.AddError("--junit and --baseline belong to --fail-on: give it too.");
            }

            return;
        }

        try
        {
            bool asksForNew = GateParser.Parse(text, ExplainCommand.Findings).OfType<NewFindingRule>().Any();
            if (asksForNew && result.GetValue(_baseline) is null)
            {
                result.AddError("--fail-on asks for what is new: give --baseline, a report written earlier by --json.");
            }
        }
        catch (GateFormatException e)
        {
            result.AddError($"--fail-on \"{text}\", {e.Message}");
        }
    }

    private static Baseline ReadBaseline(string path)
    {
        try
        {
            return Baseline.Read(File.ReadAllBytes(path));
        }
        catch (FileNotFoundException e)
        {
            throw new CommandException(ExitCode.Usage, $"--baseline {path}: there is no such file. `kmutex report FILE --json -o {path}` writes one.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new CommandException(ExitCode.Usage, $"--baseline {path}: {e.Message}", e);
        }
    }
}

/// <summary>A gate as it was asked for.</summary>
/// <param name="Rules">Its rules; empty when there is no gate.</param>
/// <param name="Baseline">What is known; null for nothing.</param>
/// <param name="JUnit">Where to write the results as JUnit XML; null for nowhere.</param>
/// <param name="Sarif">Where to write findings and results as SARIF; null for nowhere.</param>
internal sealed record Gate(IReadOnlyList<GateRule> Rules, Baseline? Baseline, string? JUnit, string? Sarif)
{
    /// <summary>Holds a report against the rules, writes what was asked for, and says on standard error what did not pass.</summary>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public int Judge(Session session, LockReport report)
    {
        IReadOnlyList<GateResult> results = GateEvaluator.Evaluate(Rules, report, Baseline);
        if (JUnit is not null)
        {
            OutputFile.Write(session, JUnit, stream => JUnitReport.Write(results, string.Join(", ", report.Trace.Files.Select(Path.GetFileName)), stream));
        }

        if (Sarif is not null)
        {
            OutputFile.Write(session, Sarif, stream => SarifReport.Write(report, results, stream));
        }

        foreach (GateResult result in results)
        {
            string verdict = result.Verdict switch
            {
                GateVerdict.Passed => "passed",
                GateVerdict.Failed => "FAILED",
                _ => "UNANSWERED",
            };
            session.Error.WriteLine($"gate {verdict}: {SafeText.Escape(result.Rule.Text)}: {SafeText.Sentence(result.Sentence)}");
        }

        return results.All(result => result.Verdict == GateVerdict.Passed) ? ExitCode.Fine : ExitCode.Gate;
    }
}
