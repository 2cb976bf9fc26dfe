using Tracing.Host.Faults;
using Tracing.Host.Thunks;

namespace Tracing.Host.Kernel;

/// <summary>
/// The arguments of one call from the driver. Valid while the call is served. An argument narrower than 64 bits has undefined bytes above
/// it, so each is read in its width.
/// </summary>
internal readonly unsafe struct KernelCall(CallFrame* frame)
{
    private readonly CallFrame* _frame = frame;

    /// <summary>The instruction in the driver after the call.</summary>
    internal void* ReturnAddress => _frame->ReturnAddress;

    /// <summary>rsp before the call: the home space of its first argument is there.</summary>
    internal void* Stack => _frame->Arguments;

    /// <summary>rbp at the call. The thunk keeps it below the return address; without a driver there is none.</summary>
    internal ulong FramePointer => _frame->ReturnAddress is null ? 0 : *(_frame->Arguments - 2);

    internal ulong UInt64(int index) => _frame->Arguments[index];

    internal uint UInt32(int index) => (uint)_frame->Arguments[index];

    internal int Int32(int index) => (int)_frame->Arguments[index];

    internal ushort UInt16(int index) => (ushort)_frame->Arguments[index];

    internal byte Byte(int index) => (byte)_frame->Arguments[index];

    internal nuint Address(int index) => (nuint)_frame->Arguments[index];

    /// <summary>A pointer that the kernel is going to read through.</summary>
    /// <param name="index">Which argument.</param>
    /// <param name="caller">The calling thread.</param>
    /// <param name="size">The bytes to be read.</param>
    /// <exception cref="DriverEscapeException">They cannot be; the machine has stopped with the fault.</exception>
    internal void* Readable(int index, SimulatedThread caller, int size) => Readable(Address(index), caller, (uint)size);

    /// <summary>The same for an address that came in another way than as an argument.</summary>
    internal void* Readable(nuint address, SimulatedThread caller, uint size)
    {
        if (size != 0 && !IsDriverStack(address, caller, size) && caller.Kernel.ImageAt((void*)address, size) is null)
        {
            MemoryProbe.Read(caller, address, size);
        }

        return (void*)address;
    }

    /// <summary>A pointer that the kernel is going to write through.</summary>
    /// <inheritdoc cref="Readable(int, SimulatedThread, int)"/>
    internal void* Writable(int index, SimulatedThread caller, int size)
    {
        nuint address = Address(index);
        if (!IsDriverStack(address, caller, (uint)size))
        {
            MemoryProbe.Write(caller, address, (uint)size);
        }

        return (void*)address;
    }

    /// <summary>The text of a UNICODE_STRING.</summary>
    /// <inheritdoc cref="Readable(int, SimulatedThread, int)"/>
    internal string String(int index, SimulatedThread caller)
    {
        UnicodeString* text = (UnicodeString*)Readable(index, caller, sizeof(UnicodeString));
        Readable((nuint)text->Buffer, caller, text->Length);
        return text->ToString();
    }

    /// <summary>Whether memory is the calling driver's own stack, between this call and the driver's entry: there for certain.</summary>
    private bool IsDriverStack(nuint address, SimulatedThread caller, uint size) =>
        address >= (nuint)_frame && address + size <= (nuint)caller.Innermost;
}
