using System.Globalization;
using System.Text.RegularExpressions;
using Tracing.Driver.Tests.Binary;
using Tracing.Driver.Tests.Support;
using Tracing.Host;

namespace Tracing.Driver.Tests.Faults;

/// <summary>Who called whom, in messages: held against the linker's own list of the driver's functions.</summary>
public partial class CallStackTests
{
    private const ulong PreferredBase = 0x1_4000_0000;

    [Fact]
    public void A_fault_tells_every_function_from_the_instruction_up_to_the_threads_first()
    {
        DriverFaultException fault = Assert.Throws<DriverFaultException>(() => Run("KeStallExecutionProcessor", 0x0F, 0x0B)); // ud2
        string[] functions = Functions(fault.Message);
        Assert.Equal("KeStallExecutionProcessor", functions[0]);
        Assert.Contains("ContendedWorkload__Run", functions);
        Assert.Equal("WorkloadThread__Main", functions[^1]);
    }

    [Fact]
    public void A_broken_rule_stops_the_machine_and_tells_who_called()
    {
        // xor eax,eax; ret instead of the wait: the thread does not own what it then releases.
        DriverBugCheckException stop = Assert.Throws<DriverBugCheckException>(() => Run("KeWaitForSingleObject", 0x31, 0xC0, 0xC3));
        string violation = Assert.Single(stop.Violations);
        Assert.Contains("KeReleaseMutex from kmutex.sys+0x", violation, StringComparison.Ordinal);
        Assert.Contains("ContendedWorkload__Run", Functions(violation));
        Assert.Equal("WorkloadThread__Main", Functions(violation)[^1]);
    }

    /// <summary>The real driver with other code in place of the stub of one import, under contention.</summary>
    private static void Run(string import, params byte[] instead)
    {
        (byte[] driver, _) = PatchedDriver.Replace(File.ReadAllBytes(RealDriver.Path), import, instead);
        using TemporaryFolder folder = new();
        WorkloadRun.Execute(
            new RunRequest
            {
                DriverPath = folder.Write("kmutex.sys", driver),
                OutputPath = folder["run.etl"],
                Threads = 2,
                Iterations = 1000,
                HoldMicroseconds = 10,
            },
            TestContext.Current.CancellationToken);
    }

    /// <summary>The linker's names of the functions in a message's stack, without the assembly's part.</summary>
    private static string[] Functions(string message)
    {
        LinkMap map = LinkMap.Load();
        return [.. Frame().Matches(message).Select(frame => map.NameAt(PreferredBase + Start(frame)).Replace("kmutex_Tracing_Driver_", "", StringComparison.Ordinal))];
    }

    private static ulong Start(Match frame) =>
        ulong.Parse(frame.Groups[frame.Groups["begin"].Success ? "begin" : "rva"].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^    at kmutex\.sys\+0x(?<rva>[0-9A-F]+) \(\.text\+0x[0-9A-F]+\)(, function \+0x(?<begin>[0-9A-F]+)\+0x[0-9A-F]+)?$", RegexOptions.Multiline)]
    private static partial Regex Frame();
}
