namespace Tracing.Host.Kernel;

/// <summary>
/// What goes into rax. The x64 convention leaves the bytes above a narrower result undefined, and a kernel really leaves something there:
/// so does this one, lest a driver that compares the whole register works here and fails on Windows.
/// </summary>
internal static class KernelResult
{
    /// <summary>For routines that return nothing: rax means nothing either.</summary>
    internal const ulong Void = 0xCCCC_CCCC_CCCC_CCCC;

    private const ulong AboveByte = 0xCCCC_CCCC_CCCC_CC00;
    private const ulong AboveInt32 = 0xCCCC_CCCC_0000_0000;

    internal static ulong Byte(byte value) => AboveByte | value;

    internal static ulong Int32(int value) => AboveInt32 | (uint)value;

    internal static ulong UInt32(uint value) => AboveInt32 | value;
}
