using System.CommandLine;
using Tracing.Reports.Wording;

namespace Tracing.Cli;

/// <summary><c>kmutex explain</c>: what a finding means, how sure it is, and what to do: the pages of docs/reference/findings, carried in the command.</summary>
internal static class ExplainCommand
{
    private const string Prefix = "finding/";

    /// <summary>The findings that have a page.</summary>
    public static IReadOnlyList<string> Findings { get; } =
    [
        .. typeof(ExplainCommand).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal))
            .Select(name => Path.GetFileNameWithoutExtension(name)).Order(StringComparer.Ordinal),
    ];

    public static Command Create(Session session)
    {
        var finding = new Argument<string>("FINDING") { HelpName = "FINDING", Description = $"One of {string.Join(", ", Findings)}." };
        finding.CompletionSources.Add([.. Findings]);
        var command = new Command("explain", "What a finding means, how sure it is, and what to do about it.") { finding };
        command.SetAction(arguments => Failures.Guard(session, () => Run(session, arguments.GetRequiredValue(finding))));
        return command;
    }

    private static int Run(Session session, string finding)
    {
        if (!Findings.Contains(finding, StringComparer.Ordinal))
        {
            throw new CommandException(ExitCode.Usage, $"{SafeText.Escape(finding)}: no finding has this name. There are: {string.Join(", ", Findings)}.");
        }

        using Stream page = typeof(ExplainCommand).Assembly.GetManifestResourceStream($"{Prefix}{finding}.md")!;
        page.CopyTo(session.Output);
        return ExitCode.Fine;
    }
}
