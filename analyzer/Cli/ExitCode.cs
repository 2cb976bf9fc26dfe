namespace Tracing.Cli;

/// <summary>What the command tells the shell. Part of its contract: scripts depend on it (docs/reference/command.md).</summary>
public static class ExitCode
{
    /// <summary>Done, with whatever was whole in the trace.</summary>
    public const int Fine = 0;

    /// <summary>The command was called wrongly, or something that it needs is not there or cannot be written.</summary>
    public const int Usage = 1;

    /// <summary>Nothing could be read from the trace.</summary>
    public const int UnreadableTrace = 2;

    /// <summary>A rule of <c>--fail-on</c> fired, or the trace cannot answer it.</summary>
    public const int Gate = 3;

    /// <summary>The driver under <c>kmutex run</c> failed, faulted or stopped its machine.</summary>
    public const int DriverFailed = 4;

    /// <summary>Interrupted by Ctrl-C: 128 + SIGINT, as shells have it.</summary>
    public const int Interrupted = 130;

    /// <summary>What each says, for <c>kmutex --help</c> and for the page.</summary>
    public static IReadOnlyList<(int Code, string Meaning)> Meanings { get; } =
    [
        (Fine, "Done. A damaged trace counts as done when anything in it could be read: what was damaged is said on standard error and in the report."),
        (Usage, "Called wrongly, or something the command needs is missing or cannot be written."),
        (UnreadableTrace, "Nothing could be read: no such file, a directory, not an event trace log."),
        (Gate, "A rule of --fail-on fired, or the trace cannot answer it; or diff --fail-on-regression found one."),
        (DriverFailed, "The driver under kmutex run failed, faulted or stopped its machine."),
        (Interrupted, "Interrupted by Ctrl-C."),
    ];
}
