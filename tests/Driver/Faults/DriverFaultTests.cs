using Tracing.Driver.Tests.Support;
using Tracing.Host;
using Tracing.Host.Kernel;

namespace Tracing.Driver.Tests.Faults;

/// <summary>Drivers that fault in DriverEntry, each made of the bytes that do it.</summary>
public class DriverFaultTests
{
    private const uint TextRva = DriverBuilder.TextRva;

    [Theory]
    [InlineData(FaultKind.IntegerDivision, new byte[] { 0x31, 0xD2, 0x31, 0xC9, 0xB8, 1, 0, 0, 0, 0xF7, 0xF1 }, 9)] // xor edx,edx; xor ecx,ecx; mov eax,1; div ecx
    [InlineData(FaultKind.ReadAccessViolation, new byte[] { 0x31, 0xC0, 0x48, 0x8B, 0x00 }, 2)] // xor eax,eax; mov rax,[rax]
    [InlineData(FaultKind.WriteAccessViolation, new byte[] { 0x31, 0xC0, 0x48, 0x89, 0x00 }, 2)] // xor eax,eax; mov [rax],rax
    [InlineData(FaultKind.WriteAccessViolation, new byte[] { 0xC6, 0x05, 0xF9, 0xFF, 0xFF, 0xFF, 0x90 }, 0)] // mov byte [rip-7],90h: its own code
    [InlineData(FaultKind.GeneralProtection, new byte[] { 0xFA }, 0)] // cli
    [InlineData(FaultKind.GeneralProtection, new byte[] { 0x48, 0xB8, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x48, 0x8B, 0x00 }, 10)] // mov rax,1<<63; mov rax,[rax]
    [InlineData(FaultKind.IllegalInstruction, new byte[] { 0x0F, 0x0B }, 0)] // ud2
    [InlineData(FaultKind.FastFail, new byte[] { 0xB9, 2, 0, 0, 0, 0xCD, 0x29 }, 5)] // mov ecx,2; int 29h
    [InlineData(FaultKind.Breakpoint, new byte[] { 0xCC, 0x90 }, 1)] // int3: a trap, which stands behind its instruction
    public void A_hardware_fault_ends_in_a_message_with_kind_place_and_registers(FaultKind kind, byte[] code, uint offset)
    {
        DriverFaultException fault = Fault(new DriverBuilder().Code(code));

        Assert.Equal(kind, fault.Kind);
        Assert.Equal($"fault.sys+0x{TextRva + offset:X} (.text+0x{offset:X})", fault.Location);
        Assert.Contains(fault.Location, fault.Message, StringComparison.Ordinal);
        Assert.Contains("PASSIVE_LEVEL", fault.Message, StringComparison.Ordinal);
        Assert.Contains("rip", fault.Message, StringComparison.Ordinal);
        Assert.Equal(18, fault.Registers.Count);
    }

    [Fact]
    public void The_registers_are_those_of_the_fault()
    {
        // mov ebx,11h … each register its own number, then ud2
        DriverFaultException fault = Fault(new DriverBuilder().Code(
            0xB8, 0x10, 0, 0, 0, 0xBB, 0x11, 0, 0, 0, 0xB9, 0x12, 0, 0, 0, 0xBA, 0x13, 0, 0, 0, // eax, ebx, ecx, edx
            0xBE, 0x14, 0, 0, 0, 0xBF, 0x15, 0, 0, 0, 0xBD, 0x16, 0, 0, 0, // esi, edi, ebp
            0x41, 0xB8, 0x18, 0, 0, 0, 0x41, 0xB9, 0x19, 0, 0, 0, 0x41, 0xBA, 0x1A, 0, 0, 0, 0x41, 0xBB, 0x1B, 0, 0, 0, // r8d … r11d
            0x41, 0xBC, 0x1C, 0, 0, 0, 0x41, 0xBD, 0x1D, 0, 0, 0, 0x41, 0xBE, 0x1E, 0, 0, 0, 0x41, 0xBF, 0x1F, 0, 0, 0, // r12d … r15d
            0x0F, 0x0B));

        string[] order = ["rax", "rbx", "rcx", "rdx", "rsi", "rdi", "rbp", "", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15"];
        foreach ((int index, string name) in order.Index().Where(pair => pair.Item.Length > 0))
        {
            Assert.Equal(0x10ul + (ulong)index, fault.Registers[name]);
        }
    }

    [Fact]
    public void A_call_through_a_null_pointer_names_its_caller()
    {
        // xor eax,eax; call rax
        DriverFaultException fault = Fault(new DriverBuilder().Code(0x31, 0xC0, 0xFF, 0xD0));

        Assert.Equal(FaultKind.ExecuteAccessViolation, fault.Kind);
        Assert.Equal(0ul, fault.Address);
        Assert.Contains("called from fault.sys+0x1004 (.text+0x4)", fault.Location, StringComparison.Ordinal);
    }

    [Fact]
    public void Data_cannot_be_executed()
    {
        // lea rax,[rip + .data]; call rax
        DriverFaultException fault = Fault(new DriverBuilder().Code(0x48, 0x8D, 0x05).Distance(DriverBuilder.DataRva).Code(0xFF, 0xD0));

        Assert.Equal(FaultKind.ExecuteAccessViolation, fault.Kind);
        Assert.Equal("fault.sys+0x3000 (.data+0x0)", fault.Location);
    }

    [Theory]
    [InlineData(0x10, FaultKind.WriteAccessViolation)] // null, plus an offset
    [InlineData(0x8000, FaultKind.WriteAccessViolation)] // below what any system maps
    public void A_bad_pointer_given_to_the_kernel_is_the_drivers_fault(int pointer, FaultKind kind)
    {
        // sub rsp,28h; mov ecx,pointer; xor edx,edx; call KeInitializeMutex
        DriverFaultException fault = Fault(new DriverBuilder()
            .Code(0x48, 0x83, 0xEC, 0x28, 0xB9).Code(BitConverter.GetBytes(pointer)).Code(0x31, 0xD2).Call("KeInitializeMutex"));

        Assert.Equal(kind, fault.Kind);
        Assert.Equal((ulong)pointer, fault.Address);
        Assert.Equal("KeInitializeMutex, with a pointer it was given by fault.sys+0x1011 (.text+0x11)", fault.Location);
    }

    [Fact]
    public void A_payload_that_is_not_there_is_the_drivers_fault()
    {
        using RecordedSession recorded = new(new SessionSettings());
        using KernelFixture kernel = new(recorded.Session);
        Assert.False(kernel.Run(thread =>
        {
            kernel.Kernel.Etw.Enable(thread);
            ulong handle = 0;
            Guid provider = RecordedSession.Provider;
            unsafe
            {
                kernel.Call(thread, "EtwRegister", (ulong)&provider, 0, 0, (ulong)&handle);
                ulong* descriptor = stackalloc ulong[2] { 42 | (4ul << 32), 1 };
                ulong* pieces = stackalloc ulong[2] { 0x1000, 8 };
                kernel.Call(thread, "EtwWrite", handle, (ulong)descriptor, 0, 1, (ulong)pieces);
            }
        }));
        FaultStop stop = Assert.IsType<FaultStop>(kernel.Kernel.Stopped);
        Assert.Equal((FaultKind.ReadAccessViolation, 0x1000ul), (stop.Report.Kind, stop.Report.Address));
        Assert.Equal(0, recorded.Session.Stop().EventsAttempted);
    }

    [Fact]
    public void The_trace_up_to_the_fault_is_kept()
    {
        using TemporaryFolder folder = new();
        DriverFaultException fault = Assert.Throws<DriverFaultException>(
            () => WorkloadRun.Execute(Request(folder, new DriverBuilder().Code(0x0F, 0x0B)), TestContext.Current.CancellationToken));

        Assert.Equal(folder["out.etl"], fault.TracePath);
        Assert.Equal(["fault.sys", "out.etl"], folder.Files.Order());
    }

    [Fact]
    public void A_fault_outside_the_driver_stays_the_runtimes()
    {
        _ = Fault(new DriverBuilder().Code(0x0F, 0x0B));

        string? nothing = TestContext.Current.CancellationToken.CanBeCanceled && Environment.TickCount64 < 0 ? "" : null;
        int zero = Environment.TickCount64 < 0 ? 1 : 0;
        Assert.Throws<NullReferenceException>(() => nothing!.Length);
        Assert.Throws<DivideByZeroException>(() => 1 / zero);
    }

    [Fact]
    public void A_bugcheck_stops_the_machine_and_not_the_host()
    {
        // sub rsp,38h; mov qword [rsp+20h],14h; mov r9d,13h; mov r8d,12h; mov edx,11h; mov ecx,0DEADh; call KeBugCheckEx; ud2
        DriverBuilder driver = new DriverBuilder()
            .Code(0x48, 0x83, 0xEC, 0x38, 0x48, 0xC7, 0x44, 0x24, 0x20, 0x14, 0, 0, 0)
            .Code(0x41, 0xB9, 0x13, 0, 0, 0, 0x41, 0xB8, 0x12, 0, 0, 0, 0xBA, 0x11, 0, 0, 0, 0xB9, 0xAD, 0xDE, 0, 0)
            .Call("KeBugCheckEx")
            .Code(0x0F, 0x0B);
        using TemporaryFolder folder = new();

        DriverBugCheckException stop = Assert.Throws<DriverBugCheckException>(
            () => WorkloadRun.Execute(Request(folder, driver), TestContext.Current.CancellationToken));

        Assert.Equal(0xDEADu, stop.Code);
        Assert.Equal([0x11ul, 0x12, 0x13, 0x14], stop.Parameters);
    }

    [Fact]
    public void A_failing_DriverEntry_is_reported_and_nothing_runs()
    {
        // mov eax,0C0000001h; ret
        using TemporaryFolder folder = new();
        RunOutcome outcome = WorkloadRun.Execute(
            Request(folder, new DriverBuilder().Code(0xB8, 1, 0, 0, 0xC0, 0xC3)), TestContext.Current.CancellationToken);

        Assert.Equal(unchecked((int)0xC0000001), outcome.DriverEntryStatus);
        Assert.Equal(outcome.DriverEntryStatus, outcome.WorkloadStatus);
        Assert.Empty(outcome.Tally.Mutexes);
    }

    private static DriverFaultException Fault(DriverBuilder driver)
    {
        using TemporaryFolder folder = new();
        return Assert.Throws<DriverFaultException>(() => WorkloadRun.Execute(Request(folder, driver), TestContext.Current.CancellationToken));
    }

    private static RunRequest Request(TemporaryFolder folder, DriverBuilder driver) => new()
    {
        DriverPath = folder.Write("fault.sys", driver.Build()),
        OutputPath = folder["out.etl"],
    };
}
