using System.CommandLine;

namespace Tracing.Cli;

/// <summary><c>kmutex completion bash</c>: a script that lets the shell complete verbs, options and their values by asking the command itself.</summary>
internal static class CompletionCommand
{
    // `[suggest:N] LINE` is the directive of System.CommandLine that prints what may stand at position N of a line.
    private const string Bash = """
        # Completion of kmutex. Load it with:  eval "$(kmutex completion bash)"
        _kmutex() {
            local word="${COMP_WORDS[COMP_CWORD]}" IFS=$'\n'
            COMPREPLY=($(compgen -W "$("${COMP_WORDS[0]}" "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "$word"))
        }
        complete -o default -F _kmutex kmutex

        """;

    public static Command Create(Session session)
    {
        var shell = new Argument<string>("SHELL") { HelpName = "SHELL", Description = "The shell: bash." };
        shell.AcceptOnlyFromAmong("bash");
        var command = new Command("completion", "A script for the shell that completes verbs, options and values.") { shell };
        command.SetAction(_ => Failures.Guard(session, () =>
        {
            using var text = Session.TextInto(session.Output);
            text.Write(Bash.ReplaceLineEndings("\n"));
            return ExitCode.Fine;
        }));
        return command;
    }
}
