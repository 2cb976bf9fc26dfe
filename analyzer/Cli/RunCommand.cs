using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Diagnostics;
using System.Globalization;
using Tracing.Host;
using Tracing.Reports.Wording;

namespace Tracing.Cli;

/// <summary>
/// <c>kmutex run</c>: the real driver under a workload, in a simulated kernel on any system, recorded to a trace; or in Windows' own kernel, through its device.
/// </summary>
internal static class RunCommand
{
    private const int MostViolations = 10;

    public static Command Create(Session session)
    {
        var defaults = new RunRequest { DriverPath = "", OutputPath = "" };
        var workload = new Option<string>("--workload")
        {
            Description = "What the driver does; --list says what there is.",
            HelpName = "NAME",
            Required = true,
        };
        var list = new Option<bool>("--list") { Description = "List the workloads, and run none.", Action = new ListAction() };
        var threads = new Option<int>("--threads") { Description = "System threads: 1 to 64, for some workloads 2 or 3 at least.", HelpName = "N", DefaultValueFactory = _ => defaults.Threads };
        var iterations = new Option<int?>("--iterations") { Description = "Iterations of each thread; by default as many as suit the workload.", HelpName = "N" };
        var hold = new Option<int>("--hold-us") { Description = "Longest busy time inside the lock, in microseconds.", HelpName = "N", DefaultValueFactory = _ => defaults.HoldMicroseconds };
        var seed = new Option<ulong>("--seed") { Description = "Where the workload's random numbers start.", HelpName = "N", DefaultValueFactory = _ => defaults.Seed };
        var schedule = new Option<ulong?>("--schedule") { Description = "Run one thread at a time, in an order and by a clock that this seed decides: the same run again.", HelpName = "SEED" };
        var rundowns = new Option<int>("--rundowns") { Description = "Have a session ask for the state of what lives, so often at most, until the driver has unloaded.", HelpName = "N", DefaultValueFactory = _ => defaults.Rundowns };
        var inject = new Option<string[]>("--inject") { Description = $"Have a call of the kernel fail: {InjectedFault.Syntax}, for example ExAllocatePool2@3. May be repeated.", HelpName = "FAULT", DefaultValueFactory = _ => [] };
        var pool = new Option<PoolKind>("--pool") { Description = "special: each block of pool before a page that nobody may touch, closed when it is freed; ordinary: addresses are used again.", HelpName = "special|ordinary", DefaultValueFactory = _ => defaults.Pool };
        var driver = new Option<string?>("--driver") { Description = "The driver to load; by default artifacts/driver/kmutex.sys, here or in a folder above.", HelpName = "PATH" };
        var buffer = new Option<int>("--buffer-kb") { Description = "Kilobytes of one trace buffer, 1 to 1024.", HelpName = "N", DefaultValueFactory = _ => defaults.Session.BufferSizeKilobytes };
        var tally = new Option<string?>("--tally") { Description = "Also write what the simulated kernel saw, as JSON: what a true report must say.", HelpName = "FILE.json" };
        var output = new Option<string>("--output", "-o") { Description = "The trace to write.", HelpName = "FILE.etl" };
        var device = new Option<bool>("--device") { Description = "Run it in the kmutex.sys that Windows has loaded, as administrator. Writes no trace: record with wpr meanwhile." };
        var command = new Command("run", "Run the real kmutex.sys in a simulated kernel and record a trace. Needs no Windows.")
        {
            workload, list, threads, iterations, hold, seed, schedule, rundowns, inject, pool, driver, buffer, tally, output, device,
        };
        Option[] ofTheHost = [schedule, rundowns, inject, pool, driver, buffer, tally, output];
        command.Validators.Add(arguments => CheckPlace(arguments, arguments.GetValue(device), output, ofTheHost));
        command.SetAction(arguments => Failures.Guard(session, () => arguments.GetValue(device)
            ? RunOnDevice(session, () => MakeRequest(arguments, "", ""))
            : Run(session, () => MakeRequest(arguments, arguments.GetValue(driver) ?? DriverFile.Find(), arguments.GetRequiredValue(output)), arguments.GetValue(tally))));
        return command;

        RunRequest MakeRequest(ParseResult arguments, string driverPath, string outputPath) => new()
        {
            DriverPath = driverPath,
            OutputPath = outputPath,
            Workload = arguments.GetRequiredValue(workload),
            Threads = arguments.GetValue(threads),
            Iterations = arguments.GetValue(iterations),
            HoldMicroseconds = arguments.GetValue(hold),
            Seed = arguments.GetValue(seed),
            Schedule = arguments.GetValue(schedule),
            Pool = arguments.GetValue(pool),
            Rundowns = arguments.GetValue(rundowns),
            Faults = arguments.GetValue(inject) is { Length: > 0 } faults ? new FaultPlan { Faults = [.. faults.Select(InjectedFault.Parse)] } : null,
            Session = new SessionSettings { BufferSizeKilobytes = arguments.GetValue(buffer) },
        };
    }

    private static void CheckPlace(CommandResult arguments, bool onDevice, Option output, IEnumerable<Option> ofTheHost)
    {
        if (onDevice && ofTheHost.FirstOrDefault(option => arguments.GetResult(option) is { Implicit: false }) is { } excluded)
        {
            arguments.AddError($"Option '{excluded.Name}' is for the simulated kernel: with --device the kernel is that of Windows.");
        }
        else if (!onDevice && arguments.GetResult(output) is null)
        {
            arguments.AddError($"Option '{output.Name}' is required.");
        }
    }

    private static int Run(Session session, Func<RunRequest> makeRequest, string? tallyPath)
    {
        (RunRequest request, RunOutcome outcome) = Attempt(() =>
        {
            RunRequest request = makeRequest();
            request = request with { FunctionNames = DriverSymbols.Beside(request.DriverPath) };
            return (request, WorkloadRun.Execute(request, session.Cancellation));
        });
        if (outcome.Violations.Count > 0)
        {
            throw new CommandException(ExitCode.DriverFailed, string.Join('\n', outcome.Violations.Take(MostViolations)));
        }

        if (outcome.DriverEntryStatus < 0 || outcome.WorkloadStatus < 0)
        {
            string what = outcome.DriverEntryStatus < 0 ? "DriverEntry" : "The workload";
            throw new CommandException(
                ExitCode.DriverFailed, string.Create(CultureInfo.InvariantCulture, $"{what} failed with status 0x{outcome.WorkloadStatus:X8}. The trace up to there is in {request.OutputPath}."));
        }

        if (tallyPath is not null)
        {
            OutputFile.Write(tallyPath, output => TallyDocument.Write(request.Workload, outcome, output));
        }

        using var text = Session.TextInto(session.Output);
        WriteSummary(request, outcome, text);
        return ExitCode.Fine;
    }

    private static int RunOnDevice(Session session, Func<RunRequest> makeRequest)
    {
        long started = Stopwatch.GetTimestamp();
        (RunRequest request, WorkloadTotals totals) = Attempt(() =>
        {
            RunRequest request = makeRequest();
            return (request, WindowsDevice.Run(request));
        });
        using var text = Session.TextInto(session.Output);
        text.WriteLine(Invariant($"{request.Workload}: {totals.Threads} threads, {HumanDuration.Format((long)Stopwatch.GetElapsedTime(started).TotalNanoseconds)}"));
        text.WriteLine("What the driver says it did:");
        text.WriteLine(Invariant($"  acquires    {totals.Acquires,12:N0}"));
        text.WriteLine(Invariant($"  rejections  {totals.Rejections,12:N0}"));
        text.WriteLine(Invariant($"  refusals    {totals.Refusals,12:N0}"));
        text.WriteLine(Invariant($"  failures    {totals.Failures,12:N0}"));
        text.WriteLine(Invariant($"  live        {totals.LiveMutexes,12:N0} mutexes"));
        return ExitCode.Fine;
    }

    private static T Attempt<T>(Func<T> run)
    {
        try
        {
            return run();
        }
        catch (ArgumentException e)
        {
            throw new CommandException(ExitCode.Usage, $"{Sentence(e)} See `kmutex run --help`.", e);
        }
        catch (DriverStoppedException e)
        {
            throw new CommandException(ExitCode.DriverFailed, e.Message, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DriverImageException or PlatformNotSupportedException)
        {
            throw new CommandException(ExitCode.Usage, e.Message, e);
        }
    }

    private static void WriteSummary(RunRequest request, RunOutcome outcome, TextWriter text)
    {
        Tally tally = outcome.Tally;
        text.WriteLine(Invariant($"{request.Workload}: {outcome.Result.Threads} threads, {HumanDuration.Format((long)outcome.Elapsed.TotalNanoseconds)}"));
        text.WriteLine("What really happened, as the simulated kernel saw it:");
        text.WriteLine(Invariant($"  mutexes     {tally.Mutexes.Count,12:N0}"));
        text.WriteLine(Invariant($"  acquires    {tally.Acquires,12:N0}"));
        text.WriteLine(Invariant($"  contended   {tally.Contended,12:N0}"));
        text.WriteLine(Invariant($"  rejections  {outcome.Result.Rejections,12:N0}"));
        text.WriteLine(Invariant($"  refusals    {outcome.Result.Refusals,12:N0}"));
        text.WriteLine(Invariant($"  leaked      {tally.PoolBlocks,12:N0} blocks, {tally.PoolBytes:N0} bytes"));
        text.WriteLine(Invariant($"  events      {outcome.Session.EventsWritten,12:N0} written, {outcome.Session.EventsLost:N0} lost"));
        foreach (FallibleCalls calls in outcome.Fallible.Where(calls => calls.Injected > 0))
        {
            text.WriteLine(Invariant($"Injected: {calls.Import} failed with {calls.Failure}, {calls.Injected:N0} of {calls.Calls:N0} calls"));
        }

        text.WriteLine($"Trace: {SafeText.Escape(request.OutputPath)}");
        text.WriteLine($"Next:  kmutex report {SafeText.Escape(request.OutputPath)}");
    }

    // ArgumentException adds the parameter's name and the value in parentheses and lines of its own, made for developers.
    private static string Sentence(ArgumentException error)
    {
        string line = error.Message.Split('\n')[0].TrimEnd('\r');
        int parameter = line.IndexOf(" (Parameter '", StringComparison.Ordinal);
        line = parameter < 0 ? line : line[..parameter];
        return error is ArgumentOutOfRangeException { ActualValue: object actual } ? Invariant($"{line.TrimEnd('.')}, found {actual}.") : line;
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private sealed class ListAction : SynchronousCommandLineAction
    {
        // The trace to write and the workload are asked for by the runs only.
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            int widest = WorkloadKind.All.Max(kind => kind.Name.Length);
            foreach (WorkloadKind kind in WorkloadKind.All)
            {
                parseResult.InvocationConfiguration.Output.WriteLine($"{kind.Name.PadRight(widest)}  {kind.Summary}");
            }

            return ExitCode.Fine;
        }
    }
}
