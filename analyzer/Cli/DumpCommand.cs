using System.CommandLine;
using Tracing.Etl;
using Tracing.Events;

namespace Tracing.Cli;

/// <summary><c>kmutex dump</c>: every event of a trace, of any provider, one a line, in the order of time.</summary>
internal static class DumpCommand
{
    public static Command Create(Session session)
    {
        var file = new Argument<string>("FILE") { Description = "The trace: an .etl file of any provider." };
        var provider = new Option<string?>("--provider") { Description = "Only events of this provider: a GUID or a name that `kmutex info` shows.", HelpName = "NAME|GUID" };
        var maximum = new Option<long>("--max") { Description = "Stop after so many events.", HelpName = "N", DefaultValueFactory = _ => long.MaxValue };
        var command = new Command("dump", "Every event, one a line: microseconds since the start, CPU, process/thread, provider/event, fields.") { file, provider, maximum };
        command.SetAction(arguments => Failures.Guard(session, () => Run(
            session, arguments.GetRequiredValue(file), arguments.GetValue(provider), arguments.GetValue(maximum))));
        return command;
    }

    private static int Run(Session session, string path, string? provider, long maximum)
    {
        Guid? only = provider is null ? null : FindProvider(provider);
        using EtlFile file = Failures.OpenTrace(path);
        using (var output = new StreamWriter(session.Output, Session.TextEncoding, 1 << 16, leaveOpen: true) { NewLine = "\n" })
        {
            var line = new EventLine(file.Clock);
            long written = 0;
            foreach (EtlRecord record in file.ReadInTimeOrder())
            {
                if (only is Guid wanted && record.ProviderId != wanted)
                {
                    continue;
                }

                if (++written > maximum)
                {
                    break;
                }

                session.Cancellation.ThrowIfCancellationRequested();
                output.WriteLine(line.Format(record));
            }
        }

        Warnings.OfFile(session, file);
        return ExitCode.Fine;
    }

    private static Guid FindProvider(string nameOrGuid) =>
        Guid.TryParse(nameOrGuid, out Guid guid) ? guid
        : ProviderNames.FindGuid(nameOrGuid)
        ?? throw new CommandException(
            ExitCode.Usage, $"--provider {nameOrGuid}: no provider of that name is known here. Give {KMutexProvider.Name}, a kernel class such as Thread, or a GUID that `kmutex info` shows.");
}
