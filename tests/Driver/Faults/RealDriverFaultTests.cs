using Tracing.Driver.Tests.Support;
using Tracing.Events;
using Tracing.Host;

namespace Tracing.Driver.Tests.Faults;

/// <summary>The real driver with a bug put into it, which strikes in the middle of a workload, on one of its threads.</summary>
public class RealDriverFaultTests
{
    [Theory]
    [InlineData(FaultKind.IllegalInstruction, new byte[] { 0x0F, 0x0B })] // ud2
    [InlineData(FaultKind.IntegerDivision, new byte[] { 0x31, 0xC9, 0xF7, 0xF1 })] // xor ecx,ecx; div ecx
    [InlineData(FaultKind.ReadAccessViolation, new byte[] { 0x31, 0xC0, 0x8B, 0x00 })] // xor eax,eax; mov eax,[rax]
    public void A_fault_while_a_mutex_is_held_and_others_wait_stops_the_machine_and_keeps_the_trace(FaultKind kind, byte[] instead)
    {
        // The workload stalls while it holds the mutex.
        (byte[] driver, uint rva) = PatchedDriver.Replace(File.ReadAllBytes(RealDriver.Path), "KeStallExecutionProcessor", instead);
        using TemporaryFolder folder = new();
        RunRequest request = new()
        {
            DriverPath = folder.Write("kmutex.sys", driver),
            OutputPath = folder["run.etl"],
            Workload = "contended",
            Threads = 8,
            Iterations = 100_000,
            HoldMicroseconds = 100,
        };

        DriverFaultException fault = Assert.Throws<DriverFaultException>(() => WorkloadRun.Execute(request, TestContext.Current.CancellationToken));

        uint skipped = kind == FaultKind.IllegalInstruction ? 0u : 2u;
        Assert.Equal(kind, fault.Kind);
        Assert.StartsWith($"kmutex.sys+0x{rva + skipped:X} (.text", fault.Location, StringComparison.Ordinal);
        Assert.Empty(fault.Violations);
        DecodedTrace trace = DecodedTrace.Read(folder["run.etl"]);
        Assert.True(trace.Counts.ContainsKey(KMutexEventId.MutexAllocated));
        Assert.Null(trace.LiveAtUnload);
    }

    [Fact]
    public void A_release_that_the_driver_forgets_is_found_when_its_thread_ends()
    {
        // xor eax,eax; ret instead of KeReleaseMutex
        (byte[] driver, _) = PatchedDriver.Replace(File.ReadAllBytes(RealDriver.Path), "KeReleaseMutex", 0x31, 0xC0, 0xC3);
        using TemporaryFolder folder = new();
        RunRequest request = new()
        {
            DriverPath = folder.Write("kmutex.sys", driver),
            OutputPath = folder["run.etl"],
            Workload = "contended",
            Threads = 2,
            Iterations = 3,
        };

        DriverBugCheckException stop = Assert.Throws<DriverBugCheckException>(
            () => WorkloadRun.Execute(request, TestContext.Current.CancellationToken));

        Assert.Equal(0x4000008Au, stop.Code);
        Assert.Contains("ended while it owned", Assert.Single(stop.Violations), StringComparison.Ordinal);
    }
}
