using Tracing.Host.Thunks;

namespace Tracing.Host.Kernel;

/// <summary>
/// The arguments of one call from the driver. Valid while the call is served. An argument narrower than 64 bits has undefined bytes above it, so each is
/// read in its width.
/// </summary>
internal readonly unsafe struct KernelCall(CallFrame* frame)
{
    private readonly CallFrame* _frame = frame;

    /// <summary>The instruction in the driver after the call.</summary>
    internal void* ReturnAddress => _frame->ReturnAddress;

    internal ulong UInt64(int index) => _frame->Arguments[index];

    internal uint UInt32(int index) => (uint)_frame->Arguments[index];

    internal int Int32(int index) => (int)_frame->Arguments[index];

    internal ushort UInt16(int index) => (ushort)_frame->Arguments[index];

    internal byte Byte(int index) => (byte)_frame->Arguments[index];

    internal nuint Address(int index) => (nuint)_frame->Arguments[index];

    internal void* Pointer(int index) => (void*)_frame->Arguments[index];
}
