using System.CommandLine;
using System.Globalization;
using Tracing.Analysis;
using Tracing.Analysis.Exporting;
using Tracing.Analysis.Reading;
using Tracing.Reports.Model;
using Tracing.Reports.Traces;
using Tracing.Reports.Wording;

namespace Tracing.Cli;

/// <summary><c>kmutex export</c>: the waits and holds of a recording as a trace for other tools.</summary>
internal static class ExportCommand
{
    public static Command Create(Session session)
    {
        var file = new Argument<string>("FILE") { Description = "The trace: an .etl file." };
        var perfetto = new Option<string?>("--perfetto") { Description = "Write a Perfetto trace (protobuf), for ui.perfetto.dev and trace_processor.", HelpName = "OUT" };
        var chrome = new Option<string?>("--chrome") { Description = "Write the JSON of chrome://tracing.", HelpName = "OUT.json" };
        var command = new Command("export", "Waits and holds as a trace for other tools: a track per mutex and per thread, arrows from releaser to next owner.") { file, perfetto, chrome };
        command.Validators.Add(result =>
        {
            if (result.GetValue(perfetto) is null == result.GetValue(chrome) is null)
            {
                result.AddError("Give one of --perfetto and --chrome.");
            }
        });
        command.SetAction(arguments => Failures.Guard(session, () => Run(
            session, arguments.GetRequiredValue(file), arguments.GetValue(perfetto) ?? arguments.GetRequiredValue(chrome)!,
            arguments.GetValue(perfetto) is not null ? stream => new PerfettoTrace(stream) : stream => new ChromeTrace(stream))));
        return command;
    }

    private static int Run(Session session, string path, string output, Func<Stream, ITraceWriter> create)
    {
        LockTraceExporter? exporter = null;
        OutputFile.Write(output, stream =>
        {
            using ITraceWriter writer = create(stream);
            AnalyzedTrace.Read(session, path, new ReadingOptions { Observe = MakeExporter });

            ILockObserver MakeExporter(TraceTime time, long frequency, ThreadNames names) => exporter = new LockTraceExporter(time, frequency, names, writer);
        });
        session.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Wrote {SafeText.Escape(output)}: {exporter!.Slices:N0} slices, {exporter.Marks:N0} marks"));
        if (exporter.LeftOut > 0)
        {
            session.Warn(string.Create(CultureInfo.InvariantCulture, $"{exporter.LeftOut:N0} slices overlap too many others and were left out: the recording is damaged."));
        }

        return ExitCode.Fine;
    }
}
