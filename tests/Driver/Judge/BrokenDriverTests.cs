using Tracing.Driver.Tests.Support;
using Tracing.Host;

namespace Tracing.Driver.Tests.Judge;

/// <summary>The real driver with one call of the kernel taken from it: the run ends with the rule that it breaks then, and says where.</summary>
public class BrokenDriverTests
{
    /// <summary><c>xor eax,eax; ret</c>.</summary>
    private static readonly byte[] ReturnZero = [0x31, 0xC0, 0xC3];

    [Theory]
    [InlineData("EtwUnregister", @"^The provider \{.*\} is left registered; DriverUnload must call EtwUnregister\.$")]
    [InlineData("IoDeleteDevice", @"^The device \\Device\\KMutexTracing is left behind; DriverUnload must call IoDeleteDevice\.$")]
    [InlineData("IoDeleteSymbolicLink", @"^The symbolic link \\\?\?\\KMutexTracing is left behind; DriverUnload must call IoDeleteSymbolicLink\.$")]
    [InlineData("ZwClose", "^2 thread handles are left open; each wants ZwClose\\.$")]
    public void What_is_left_at_the_unload_is_listed(string import, string expected) =>
        Assert.Matches(expected, Assert.Single(Run(import, ReturnZero).Violations));

    [Fact]
    public void A_spin_lock_that_is_not_released_is_found_at_the_next_call_that_its_IRQL_does_not_allow_or_that_takes_it_again()
    {
        DriverStoppedException stop = Assert.ThrowsAny<DriverStoppedException>(() => Run("KeReleaseSpinLock", 0xC3));
        Assert.Matches("a spin lock it holds|called at DISPATCH_LEVEL; its DDI page allows", stop.Message);
        Assert.Contains("\n    at kmutex.sys+0x", stop.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mutex_that_is_not_initialised_is_found_where_it_is_waited_for()
    {
        DriverStoppedException stop = Assert.ThrowsAny<DriverStoppedException>(() => Run("KeInitializeMutex", 0xC3));
        Assert.Contains("KeWaitForSingleObject from kmutex.sys+0x", stop.Message, StringComparison.Ordinal);
        Assert.Contains("no initialised dispatcher object", stop.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_routine_at_the_wrong_IRQL_stops_the_run()
    {
        // xor eax,eax; ret instead of the acquire leaves the IRQL alone, so that the release comes at PASSIVE_LEVEL.
        DriverViolationException stop = Assert.Throws<DriverViolationException>(() => Run("KeAcquireSpinLockRaiseToDpc", ReturnZero));
        Assert.Contains("KeReleaseSpinLock from kmutex.sys+0x", stop.Message, StringComparison.Ordinal);
        Assert.Contains("called at PASSIVE_LEVEL; its DDI page allows DISPATCH_LEVEL", stop.Message, StringComparison.Ordinal);
        Assert.Single(stop.Violations);
    }

    [Fact]
    public void Functions_have_the_names_that_the_request_can_give_them()
    {
        DriverViolationException stop = Assert.Throws<DriverViolationException>(
            () => Run("KeAcquireSpinLockRaiseToDpc", ReturnZero, rva => $"f{rva:x}+0x0"));
        Assert.Matches(@"    at kmutex\.sys\+0x([0-9A-F]+) \(.*\), f[0-9a-f]+\+0x0\n", stop.Message);
    }

    private static RunOutcome Run(string import, params byte[] instead) => Run(import, instead, null);

    private static RunOutcome Run(string import, byte[] instead, Func<uint, string?>? names)
    {
        (byte[] driver, _) = PatchedDriver.Replace(File.ReadAllBytes(RealDriver.Path), import, instead);
        using TemporaryFolder folder = new();
        return WorkloadRun.Execute(
            new RunRequest
            {
                DriverPath = folder.Write("kmutex.sys", driver),
                OutputPath = folder["run.etl"],
                Threads = 2,
                Iterations = 10,
                Schedule = 1,
                FunctionNames = names,
            },
            TestContext.Current.CancellationToken);
    }
}
