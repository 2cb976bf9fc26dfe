using System.Buffers;
using System.CommandLine;
using Tracing.Etl;
using Tracing.Events;
using Tracing.Reports.Wording;
using Tracing.Symbols;

namespace Tracing.Cli;

/// <summary><c>kmutex dump</c>: every event of a recording, of any provider, one a line, in the order of time.</summary>
internal static class DumpCommand
{
    private const int FlushAt = 1 << 16;
    private const string FrameIndent = "                      ";

    public static Command Create(Session session)
    {
        Argument<string[]> files = FilesArgument.Create("The trace: an .etl file of any provider. Several files of one recording are read as one.");
        var provider = new Option<string[]>("--provider") { Description = "Only events of this provider: a GUID or a name that `kmutex info` shows. May be given again.", HelpName = "NAME|GUID" };
        var id = new Option<ushort[]>("--id") { Description = "Only events of this id. May be given again.", HelpName = "N" };
        var process = new Option<int[]>("--process") { Description = "Only events of this process. May be given again.", HelpName = "ID" };
        var thread = new Option<int[]>("--thread") { Description = "Only events of this thread. May be given again.", HelpName = "ID" };
        Option<long?> since = TimeSpanOption.Create("--since", "Only events from this time on, counted from the start: 250ms, 1.5s.");
        Option<long?> until = TimeSpanOption.Create("--until", "Only events before this time, counted from the start.");
        var maximum = new Option<long>("--max") { Description = "Stop after so many events.", HelpName = "N", DefaultValueFactory = _ => long.MaxValue };
        var json = new Option<bool>("--json") { Description = "Write a JSON object a line instead of text." };
        var stacks = new Option<bool>("--stacks") { Description = "Show the call stacks that were recorded with events." };
        var symbols = new Option<string[]>("--symbols") { Description = "Show call stacks, with functions named from the PDB files in this folder. May be given again.", HelpName = "DIR" };
        var command = new Command("dump", "Every event, one a line: microseconds since the start, CPU, process/thread, provider/event, fields.")
        {
            files, provider, id, process, thread, since, until, maximum, json, stacks, symbols,
        };
        command.SetAction(arguments => Failures.Guard(session, () =>
        {
            using EtlRecording recording = Failures.OpenRecording(arguments.GetRequiredValue(files));
            EtlFilter filter = new()
            {
                Providers = Given(arguments.GetValue(provider))?.Select(FindProvider).ToArray(),
                Ids = Given(arguments.GetValue(id)),
                ProcessIds = Given(arguments.GetValue(process)),
                ThreadIds = Given(arguments.GetValue(thread)),
                From = arguments.GetValue(since) is long first ? recording.Clock.ToTicks(first) : null,
                Until = arguments.GetValue(until) is long end ? recording.Clock.ToTicks(end) : null,
            };
            string[] folders = arguments.GetValue(symbols) ?? [];
            SymbolFolder? symbolFolder = arguments.GetValue(stacks) || folders.Length > 0 ? SymbolFolders.Of(folders, arguments.GetRequiredValue(files)) : null;
            Run(session, recording, filter, symbolFolder, arguments.GetValue(maximum), arguments.GetValue(json));
            return ExitCode.Fine;
        }));
        return command;
    }

    private static void Run(Session session, EtlRecording recording, EtlFilter filter, SymbolFolder? symbols, long maximum, bool json)
    {
        StackWords? words = symbols is null ? null : StackWords.Of(recording, symbols, session.Cancellation);
        EtlTimeline timeline = recording.ReadInTimeOrder(filter, cancellation: session.Cancellation);
        if (json)
        {
            WriteJson(session, timeline, recording.Clock, words, maximum);
        }
        else
        {
            WriteText(session, timeline, recording.Clock, words, maximum);
        }

        foreach (EtlFile file in recording.Files)
        {
            Warnings.OfFile(session, file);
        }

        if (symbols is not null)
        {
            SymbolFolders.WarnOf(session, symbols);
        }
    }

    private static void WriteText(Session session, EtlTimeline timeline, EtlClock clock, StackWords? words, long maximum)
    {
        using var output = Session.TextInto(session.Output);
        var line = new EventLine(clock);
        for (long written = 0; written < maximum && timeline.MoveNext(); written++)
        {
            session.Cancellation.ThrowIfCancellationRequested();
            output.WriteLine(line.Format(timeline.Current));
            foreach (string frame in words?.Of(timeline.Current) ?? [])
            {
                output.WriteLine($"{FrameIndent}{SafeText.Escape(frame)}");
            }
        }
    }

    private static void WriteJson(Session session, EtlTimeline timeline, EtlClock clock, StackWords? words, long maximum)
    {
        var output = new ArrayBufferWriter<byte>(FlushAt);
        using var line = new EventJson(clock);
        for (long written = 0; written < maximum && timeline.MoveNext(); written++)
        {
            session.Cancellation.ThrowIfCancellationRequested();
            output.Write(line.Format(timeline.Current, words?.Of(timeline.Current)));
            output.Write("\n"u8);
            if (output.WrittenCount >= FlushAt)
            {
                session.Output.Write(output.WrittenSpan);
                output.ResetWrittenCount();
            }
        }

        session.Output.Write(output.WrittenSpan);
    }

    private static T[]? Given<T>(T[]? values) => values is { Length: > 0 } ? values : null;

    private static Guid FindProvider(string nameOrGuid) =>
        Guid.TryParse(nameOrGuid, out Guid guid) ? guid
        : ProviderNames.FindGuid(nameOrGuid)
        ?? throw new CommandException(
            ExitCode.Usage, $"--provider {nameOrGuid}: no provider of that name is known here. Give {KMutexProvider.Name}, a kernel class such as Thread, or a GUID that `kmutex info` shows.");
}
