using Tracing.Driver.Tests.Support;
using Tracing.Host.Judge;
using Tracing.Host.Kernel;

namespace Tracing.Driver.Tests.Kernel;

/// <summary>
/// Devices by their DDI pages: IoCreateDevice, IoDeleteDevice, IoCreateSymbolicLink, IoDeleteSymbolicLink, IoCompleteRequest.
/// </summary>
public unsafe class DeviceTests
{
    private const int Success = 0;
    private const int Collision = unchecked((int)0xC0000035);
    private const int NotFound = unchecked((int)0xC0000034);

    [Fact]
    public void A_device_is_found_by_its_link_whatever_the_case_and_prefix()
    {
        using KernelFixture kernel = new();
        Assert.True(kernel.Run(thread =>
        {
            ulong device = CreateDevice(kernel, thread, @"\Device\Some", out int status);
            Assert.Equal(Success, status);
            CreateDevice(kernel, thread, @"\device\SOME", out status);
            Assert.Equal(Collision, status);
            Assert.Equal(Success, Link(kernel, thread, @"\DosDevices\Some", @"\Device\Some"));
            Assert.Equal(Collision, Link(kernel, thread, @"\??\some", @"\Device\Some"));
            Assert.Equal((nuint)device, kernel.Kernel.Io.Find(@"\??\SOME"));
            Assert.Equal((nuint)0, kernel.Kernel.Io.Find(@"\??\Other"));
        }));
    }

    [Fact]
    public void A_device_object_looks_as_wdm_h_says()
    {
        using KernelFixture kernel = new();
        Assert.True(kernel.Run(thread =>
        {
            byte* device = (byte*)CreateDevice(kernel, thread, @"\Device\Some", out _, extension: 0x30);
            Assert.Equal((3, 0x180), (*(short*)device, *(ushort*)(device + 2)));
            Assert.True(*(byte**)(device + 0x40) == device + 0x150);
            Assert.Equal(0x22u, *(uint*)(device + 0x48));
            Assert.Equal(0x80u, *(uint*)(device + 0x30) & 0x80);
        }));
    }

    [Fact]
    public void What_is_left_behind_at_unload_is_named()
    {
        using KernelFixture kernel = new();
        Assert.True(kernel.Run(thread =>
        {
            CreateDevice(kernel, thread, @"\Device\Some", out _);
            Link(kernel, thread, @"\DosDevices\Some", @"\Device\Some");
            Guid provider = RecordedSession.Provider;
            ulong handle;
            kernel.Call(thread, "EtwRegister", (ulong)&provider, 0, 0, (ulong)&handle);
        }));
        UnloadRules.Check(kernel.Kernel);

        Assert.Equal(
            [
                @"The device \Device\Some is left behind; DriverUnload must call IoDeleteDevice.",
                @"The symbolic link \??\Some is left behind; DriverUnload must call IoDeleteSymbolicLink.",
                "The provider {11111111-2222-3333-4444-555555555555} is left registered; DriverUnload must call EtwUnregister.",
            ],
            kernel.Violations);
    }

    [Fact]
    public void What_is_deleted_is_gone()
    {
        using KernelFixture kernel = new();
        Assert.True(kernel.Run(thread =>
        {
            ulong device = CreateDevice(kernel, thread, @"\Device\Some", out _);
            Link(kernel, thread, @"\DosDevices\Some", @"\Device\Some");
            UnicodeString* link = kernel.Kernel.Memory.AllocateString(@"\DosDevices\Some");
            Assert.Equal(Success, kernel.CallStatus(thread, "IoDeleteSymbolicLink", (ulong)link));
            Assert.Equal(NotFound, kernel.CallStatus(thread, "IoDeleteSymbolicLink", (ulong)link));
            kernel.Call(thread, "IoDeleteDevice", device);
        }));
        UnloadRules.Check(kernel.Kernel);
        Assert.Empty(kernel.Violations);
    }

    [Fact]
    public void Completing_what_is_no_IRP_stops_the_machine()
    {
        using KernelFixture kernel = new();
        Assert.False(kernel.Run(thread => kernel.Call(thread, "IofCompleteRequest", kernel.Memory(0x200), 0)));
        Assert.Equal(0x44u, Assert.IsType<BugCheckStop>(kernel.Kernel.Stopped).Code);
    }

    [Fact]
    public void Deleting_what_is_no_device_stops_the_machine()
    {
        using KernelFixture kernel = new();
        Assert.False(kernel.Run(thread => kernel.Call(thread, "IoDeleteDevice", kernel.Memory(0x200))));
        Assert.Contains("no device object", Assert.Single(kernel.Violations), StringComparison.Ordinal);
    }

    private static ulong CreateDevice(KernelFixture kernel, SimulatedThread thread, string name, out int status, uint extension = 0)
    {
        ulong driver = kernel.Memory(0x150);
        ulong device = 0;
        status = kernel.CallStatus(
            thread, "IoCreateDevice", driver, extension, (ulong)kernel.Kernel.Memory.AllocateString(name), 0x22, 0x100, 0, (ulong)&device);
        return device;
    }

    private static int Link(KernelFixture kernel, SimulatedThread thread, string link, string device) => kernel.CallStatus(
        thread,
        "IoCreateSymbolicLink",
        (ulong)kernel.Kernel.Memory.AllocateString(link),
        (ulong)kernel.Kernel.Memory.AllocateString(device));
}
