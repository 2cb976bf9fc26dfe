using System.Runtime.InteropServices;

namespace Tracing.Driver;

/// <summary>A UNICODE_STRING on x64 (ntdef.h): counted in bytes, not necessarily terminated.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct UnicodeString
{
    /// <summary>Bytes in use.</summary>
    internal ushort Length;

    /// <summary>Bytes there is room for.</summary>
    internal ushort MaximumLength;

    /// <summary>The characters.</summary>
    internal char* Buffer;

    /// <summary>A name held by a literal, which does not move and stays as long as the image.</summary>
    internal UnicodeString(string literal)
    {
        fixed (char* characters = literal)
        {
            Buffer = characters;
        }

        Length = (ushort)(literal.Length * sizeof(char));
        MaximumLength = Length;
    }
}

/// <summary>An OBJECT_ATTRIBUTES on x64 (ntdef.h).</summary>
[StructLayout(LayoutKind.Explicit, Size = 0x30)]
internal unsafe struct ObjectAttributes
{
    /// <summary>OBJ_KERNEL_HANDLE: the handle is not visible to the process that happens to be current.</summary>
    internal const uint KernelHandle = 0x200;

    /// <summary>Bytes of this structure.</summary>
    [FieldOffset(0x00)]
    internal uint Length;

    /// <summary>OBJ_* flags.</summary>
    [FieldOffset(0x18)]
    internal uint Attributes;
}

/// <summary>Rights to objects (winnt.h).</summary>
internal static class AccessMask
{
    /// <summary>THREAD_ALL_ACCESS.</summary>
    internal const uint ThreadAllAccess = 0x001F_FFFF;
}
