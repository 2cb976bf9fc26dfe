using System.CommandLine;
using System.Globalization;
using Microsoft.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Etlx;
using Tracing.Analysis.Reading;
using Tracing.Etl;
using Tracing.Etl.TraceEvent;
using Tracing.Reports.Wording;

namespace Tracing.Cli;

/// <summary><c>kmutex convert</c>: a trace as another file: smaller, or in the form of tools built on TraceEvent.</summary>
internal static class ConvertCommand
{
    public static Command Create(Session session)
    {
        var input = new Argument<string>("IN") { Description = "The trace: an .etl file." };
        var output = new Argument<string>("OUT") { Description = "OUT.etl: a smaller trace with only what a report needs. OUT.etlx: the form of PerfView and other tools built on TraceEvent." };
        var command = new Command("convert", "Write a trace as another file: a smaller .etl that gives the same report, or an .etlx.") { input, output };
        command.SetAction(arguments => Failures.Guard(session, () => Run(session, arguments.GetRequiredValue(input), arguments.GetRequiredValue(output))));
        return command;
    }

    private static int Run(Session session, string input, string output)
    {
        bool toEtlx = Path.GetExtension(output).Equals(".etlx", StringComparison.OrdinalIgnoreCase);
        if (!toEtlx && !Path.GetExtension(output).Equals(".etl", StringComparison.OrdinalIgnoreCase))
        {
            throw new CommandException(ExitCode.Usage, $"{output}: its name must end in .etl or .etlx, which says what to make.");
        }

        using EtlFile file = Failures.OpenTrace(input);
        if (File.Exists(output) && Path.GetFullPath(input) == Path.GetFullPath(output))
        {
            throw new CommandException(ExitCode.Usage, $"{output}: this is the trace to be read. Give another name.");
        }

        string made = toEtlx ? WriteEtlx(file, output) : WriteEtl(session, file, output);
        Warnings.OfFile(session, file);
        session.Error.WriteLine($"Wrote {SafeText.Escape(output)}: {made}");
        return ExitCode.Fine;
    }

    private static string WriteEtl(Session session, EtlFile file, string output)
    {
        long copied = 0;
        OutputFile.Write(output, stream => copied = EtlCopy.Write(file, stream, LockRecords.Matter, session.Cancellation));
        return string.Create(CultureInfo.InvariantCulture, $"{copied:N0} records, {new FileInfo(output).Length:N0} bytes of {file.Length:N0}.");
    }

    // TraceLog writes to a path of its own choosing, and asks for the dispatcher from its beginning.
    private static string WriteEtlx(EtlFile file, string output)
    {
        using TraceEventDispatcher source = EtlTraceEventSource.Open(file);
        try
        {
            TraceLog.CreateFromEventTraceLogFile(source, output);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandException(ExitCode.Usage, $"{output}: cannot be written. {e.Message}", e);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{new FileInfo(output).Length:N0} bytes.");
    }
}
