using System;

namespace Tracing.Driver;

/// <summary>The loaded image of this driver: where it lies, and which build it is.</summary>
internal static unsafe class Image
{
    // Offsets and values of the PE format (docs: PE Format, Microsoft).
    private const int HeaderOffsetAt = 0x3C;
    private const int SizeOfImageAt = 24 + 56;
    private const int DebugDirectoryAt = 24 + 112 + (6 * 8);
    private const uint DebugEntrySize = 28;
    private const uint CodeView = 2;
    private const uint Rsds = 0x5344_5352;

    private static byte* _start;
    private static uint _size;
    private static Guid _buildId;

    /// <summary>The signature of the PDB that belongs to this image: what symbol servers and debuggers know the build by.</summary>
    internal static Guid BuildId => _buildId;

    /// <summary>Learns where the image lies. IRQL: PASSIVE_LEVEL, while it is being loaded.</summary>
    /// <param name="start">Its first byte.</param>
    internal static void Remember(byte* start)
    {
        _start = start;
        _size = *(uint*)(Header + SizeOfImageAt);
        _buildId = ReadBuildId();
    }

    private static byte* Header => _start + *(int*)(_start + HeaderOffsetAt);

    /// <summary>The offset of an address in the image; 0, which is no literal's, when it lies elsewhere. IRQL: any.</summary>
    internal static uint OffsetOf(void* address)
    {
        ulong offset = (ulong)((byte*)address - _start);
        return offset < _size ? (uint)offset : 0;
    }

    /// <summary>The GUID in the RSDS record of the debug directory; all zero when there is none.</summary>
    private static Guid ReadBuildId()
    {
        uint* directory = (uint*)(Header + DebugDirectoryAt);
        byte* entry = _start + directory[0];
        for (uint left = directory[1]; left >= DebugEntrySize; left -= DebugEntrySize)
        {
            uint* fields = (uint*)entry;
            uint type = fields[3];
            byte* data = _start + fields[5];
            if (type == CodeView && *(uint*)data == Rsds)
            {
                return *(Guid*)(data + sizeof(uint));
            }

            entry += DebugEntrySize;
        }

        return default;
    }
}
