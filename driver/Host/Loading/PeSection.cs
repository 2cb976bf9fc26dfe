using Tracing.Host.Native;

namespace Tracing.Host.Loading;

/// <summary>
/// One section of an image. Sizes and addresses are bytes; <paramref name="Rva"/> counts from the image's base. All are checked.
/// </summary>
internal sealed record PeSection(string Name, uint Rva, uint VirtualSize, uint FileOffset, uint FileSize, uint Characteristics)
{
    private const uint Executable = 0x2000_0000;
    private const uint Readable = 0x4000_0000;
    private const uint Writable = 0x8000_0000;

    /// <summary>
    /// Whether the section asks for write and execute at once: no driver that hypervisor-protected code integrity accepts does.
    /// </summary>
    internal bool IsWritableCode => (Characteristics & (Executable | Writable)) == (Executable | Writable);

    /// <summary>The protection the section runs with.</summary>
    internal PageProtection Protection => (Characteristics & (Executable | Readable | Writable)) switch
    {
        0 => PageProtection.None,
        var flags when (flags & Executable) != 0 => PageProtection.ReadExecute,
        var flags when (flags & Writable) != 0 => PageProtection.ReadWrite,
        _ => PageProtection.Read,
    };
}
