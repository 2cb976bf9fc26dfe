using System.Runtime.InteropServices;

namespace Tracing.Host.Kernel;

/// <summary>A UNICODE_STRING on x64 (ntdef.h): lengths in bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct UnicodeString
{
    internal ushort Length;
    internal ushort MaximumLength;
    internal char* Buffer;

    /// <inheritdoc/>
    public override readonly string ToString() => new(Buffer, 0, Length / sizeof(char));
}
