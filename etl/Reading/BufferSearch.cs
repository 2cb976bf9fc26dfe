using System.Buffers.Binary;
using Tracing.Etl.Format;

namespace Tracing.Etl.Reading;

/// <summary>
/// Finds the next buffer header in a packed file after damage, byte by byte, since buffers may start at any offset. A header is believed if it is convincing and leads
/// to another one or exactly to the file's end.
/// </summary>
internal static class BufferSearch
{
    private const int ChunkLength = 1 << 16;

    /// <summary>The offset of the first header at or after <paramref name="from"/>, or -1.</summary>
    public static long Find(EtlSource source, BufferLayout layout, long from)
    {
        byte[] chunk = new byte[ChunkLength + BufferHeader.Length - 1];
        for (long at = from; at < source.Length; at += ChunkLength)
        {
            ReadOnlySpan<byte> bytes = chunk.AsSpan(0, source.Read(at, chunk));
            for (int i = 0; i + BufferHeader.Length <= bytes.Length && i < ChunkLength; i++)
            {
                // The reference count is 0 on disk, which most bytes are not: it spares decoding the rest.
                if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[(i + 0x0C)..]) == 0
                    && BufferHeader.Read(bytes[i..]) is var header
                    && layout.IsConvincing(header)
                    && IsFollowed(source, layout, at + i + header.BufferSize))
                {
                    return at + i;
                }
            }
        }

        return -1;
    }

    private static bool IsFollowed(EtlSource source, BufferLayout layout, long next)
    {
        Span<byte> follower = stackalloc byte[BufferHeader.Length];
        return next == source.Length
            || (source.Read(next, follower) == BufferHeader.Length && layout.IsConvincing(BufferHeader.Read(follower)));
    }
}
