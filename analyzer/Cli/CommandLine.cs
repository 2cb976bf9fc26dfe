using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Globalization;
using Tracing.Reports.Wording;

namespace Tracing.Cli;

/// <summary>The verbs of the command and what they have in common.</summary>
public static class CommandLine
{
    // As wide as the report's tables.
    private const int HelpWidth = 100;

    private static readonly Dictionary<string, string[]> Examples = new()
    {
        ["kmutex"] =
        [
            "kmutex report trace.etl                      what to fix first, on the terminal",
            "kmutex report trace.etl --html report.html   the same as a page to share",
            "kmutex run --workload contended -o trace.etl a trace without Windows: the real driver in a simulated kernel",
        ],
        ["report"] =
        [
            "kmutex report trace.etl",
            "kmutex report trace.etl --sort hold --top 50",
            "kmutex report trace.etl --by mutex --site Queue.cs",
            "kmutex report trace.etl --mutex DeviceQueue --json",
            "kmutex report trace.etl --json | jq '.mutexes[] | select(.waitP99Ns > 200000) | .name'",
            "kmutex report trace.etl --html report.html -o report.txt",
            "kmutex report kernel.etl user.etl",
            "kmutex report trace.etl --since 2.5s --until 3s",
            "kmutex report trace.etl --markdown | gh pr comment --body-file -",
            "kmutex report trace.etl --fail-on 'p99 wait > 200us; leaks > 0' --junit locks.xml",
            "kmutex report trace.etl --fail-on 'new findings' --baseline known.json --sarif locks.sarif",
        ],
        ["dump"] =
        [
            "kmutex dump trace.etl | head",
            "kmutex dump trace.etl --provider KMutex-Driver --max 1000",
            "kmutex dump trace.etl --provider 3d6fa8d1-fe05-11d0-9dda-00c04fd7ba7c",
            "kmutex dump trace.etl --since 1.5s --until 1.6s --symbols artifacts/driver",
            "kmutex dump trace.etl --id 20 --json | jq -r .fields.SiteId",
        ],
        ["convert"] =
        [
            "kmutex convert trace.etl locks.etl           a file to send: only what a report needs",
            "kmutex convert trace.etl trace.etlx          for PerfView and other tools built on TraceEvent",
        ],
        ["watch"] =
        [
            "kmutex watch -o locks.etl --every 2s",
            "kmutex watch -o locks.etl --light --for 60s",
        ],
        ["info"] =
        [
            "kmutex info trace.etl",
            "kmutex info trace.etl --json | jq .eventsLost",
        ],
        ["plot"] =
        [
            "kmutex plot trace.etl -o mutexes.svg",
            "kmutex plot trace.etl --figure waits --dark -o waits.png",
            "kmutex plot trace.etl --figure contention -o contention.svg",
        ],
        ["diff"] =
        [
            "kmutex diff before.etl after.etl",
            "kmutex diff before.etl after.etl --fail-on-regression 10 --json -o diff.json",
        ],
        ["export"] =
        [
            "kmutex export trace.etl --perfetto trace.perfetto",
            "kmutex export trace.etl --chrome trace.json",
        ],
        ["explain"] =
        [
            "kmutex explain contention",
        ],
        ["completion"] =
        [
            "eval \"$(kmutex completion bash)\"",
        ],
        ["run"] =
        [
            "kmutex run --workload contended --threads 8 --iterations 1000 --hold-us 20 -o contended.etl",
            "kmutex run --list",
            "kmutex run --workload irql --threads 2 --iterations 10 -o irql.etl && kmutex report irql.etl",
            "kmutex run --workload contended --schedule 7 --inject ExAllocatePool2@3 -o faulty.etl",
        ],
    };

    /// <summary>Runs the command.</summary>
    /// <param name="arguments">What follows <c>kmutex</c>.</param>
    /// <param name="session">Where it runs.</param>
    /// <returns>An <see cref="ExitCode"/>.</returns>
    public static int Run(IReadOnlyList<string> arguments, Session session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var root = new RootCommand("Lock waits, holds, IRQL rejections and leaks of a Windows driver, from an ETW trace, on any system.")
        {
            ReportCommand.Create(session), DumpCommand.Create(session), ConvertCommand.Create(session), InfoCommand.Create(session), DiffCommand.Create(session), ExportCommand.Create(session), PlotCommand.Create(session), RunCommand.Create(session),
            WatchCommand.Create(session), ExplainCommand.Create(session), CompletionCommand.Create(session),
        };
        HelpOption help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples(new HelpAction { MaxWidth = HelpWidth });
        ParseResult parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction)
        {
            string problem = parsed.UnmatchedTokens.Count > 0
                ? $"There is no command or option '{parsed.UnmatchedTokens[0]}' here."
                : parsed.Errors[0].Message;
            string verb = parsed.CommandResult.Command is RootCommand ? "kmutex" : $"kmutex {parsed.CommandResult.Command.Name}";
            session.Error.WriteLine($"error: {SafeText.Escape(problem)}");
            session.Error.WriteLine($"Try `{verb} --help`.");
            return ExitCode.Usage;
        }

        using var output = Session.TextInto(session.Output);
        return parsed.Invoke(new InvocationConfiguration
        {
            Output = output,
            Error = session.Error,
            EnableDefaultExceptionHandler = false,

            // Ctrl-C is the session's: the verbs end by themselves and leave no half file.
            ProcessTerminationTimeout = null,
        });
    }

    private sealed class HelpWithExamples(HelpAction inner) : SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            int result = inner.Invoke(parseResult);
            Command command = parseResult.CommandResult.Command;
            if (Examples.TryGetValue(command is RootCommand ? "kmutex" : command.Name, out string[]? examples))
            {
                TextWriter output = parseResult.InvocationConfiguration.Output;
                output.WriteLine("Examples:");
                foreach (string example in examples)
                {
                    output.WriteLine("  " + example);
                }

                output.WriteLine();
                if (command is RootCommand)
                {
                    output.WriteLine("Exit codes:");
                    foreach ((int code, string meaning) in ExitCode.Meanings)
                    {
                        // The first sentence; the page has the rest.
                        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {code,3}  {meaning.Split(". ")[0].TrimEnd('.')}"));
                    }

                    output.WriteLine();
                }
            }

            return result;
        }
    }
}
