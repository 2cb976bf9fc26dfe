using Tracing.Driver.Contract;
using Tracing.Driver.Tests.Support;
using Tracing.Host.Kernel;

namespace Tracing.Driver.Tests.Runs;

/// <summary>Who may open the real driver's device.</summary>
public class DeviceAccessTests
{
    private const string Device = @"\DosDevices\KMutexTracing";
    private const int PrivilegeNotHeld = unchecked((int)0xC0000061);
    private const int BufferTooSmall = unchecked((int)0xC0000023);
    private const ulong LoadDriver = 10;
    private const ulong Debug = 20;

    [Fact]
    public void A_caller_without_the_privilege_to_load_drivers_is_refused() => Assert.Equal(PrivilegeNotHeld, StatusFor(Debug));

    /// <summary>Opened, and then refused for what it sends: nothing.</summary>
    [Fact]
    public void A_caller_with_it_is_not() => Assert.Equal(BufferTooSmall, StatusFor(LoadDriver));

    private static int StatusFor(ulong privilege)
    {
        using KernelFixture kernel = new();
        kernel.Kernel.Security.CallerPrivileges = new HashSet<ulong> { privilege };
        DriverInstance driver = new(kernel.Kernel, kernel.Kernel.Load(File.ReadAllBytes(RealDriver.Path), RealDriver.Path));
        int status = 0;
        Assert.True(kernel.Run(thread =>
        {
            Assert.Equal(0, driver.Enter(thread));
            status = driver.Control(thread, Device, WorkloadControl.RunWorkload, [], 0, out _);
            driver.Unload(thread);
        }));
        Assert.Empty(kernel.Violations);
        return status;
    }
}
