using System.Buffers.Binary;

namespace Tracing.Fuzz.Mutation;

/// <summary>
/// Where the numbers of a good trace stand: those of its buffers' headers, of the session's header, of its records' headers, extended items and payloads, and the bytes
/// of compressed streams. Written from the format notes, sections 1 and 2; damage ends the walk.
/// </summary>
internal static class TraceFields
{
    private const int BufferHeader = 72;
    private static readonly (int Offset, int Width)[] InBufferHeader = [(0, 4), (4, 4), (0x0C, 4), (0x10, 8), (0x18, 8), (0x28, 2), (0x2C, 2), (0x30, 4), (0x34, 2), (0x36, 2)];
    private static readonly (int Offset, int Width)[] InRecordHeader = [(0, 2), (2, 1), (3, 1), (4, 2), (6, 2), (8, 4), (12, 4), (16, 8), (40, 2), (44, 2)];

    // Buffer size, versions, processors, mode, pointer size, clock frequency, clock type: those of TRACE_LOGFILE_HEADER that readers decide by.
    private static readonly (int Offset, int Width)[] InSessionHeader = [(0, 4), (4, 4), (0x0C, 4), (0x20, 4), (0x2C, 4), (0x34, 4), (0x100, 8), (0x108, 8), (0x110, 4)];

    public static IEnumerable<Field> Of(byte[] trace)
    {
        for (int at = 0; at + BufferHeader <= trace.Length;)
        {
            foreach ((int offset, int width) in InBufferHeader)
            {
                yield return new Field(at + offset, width);
            }

            int size = BinaryPrimitives.ReadInt32LittleEndian(trace.AsSpan(at));
            bool isCompressed = (trace[at + 0x34] & 0x40) != 0;
            int end = at + (isCompressed ? size : BinaryPrimitives.ReadInt32LittleEndian(trace.AsSpan(at + 4)));
            foreach (Field field in isCompressed ? Stream(at + BufferHeader, end) : Records(trace, at + BufferHeader, end))
            {
                yield return field;
            }

            if (at == 0)
            {
                foreach ((int offset, int width) in InSessionHeader)
                {
                    yield return new Field(BufferHeader + 32 + offset, width);
                }
            }

            at += size;
        }
    }

    private static IEnumerable<Field> Stream(int start, int end)
    {
        for (int at = start; at + 4 <= end; at++)
        {
            yield return new Field(at, (at & 1) == 0 ? 1 : 2);
        }
    }

    private static IEnumerable<Field> Records(byte[] trace, int start, int end)
    {
        for (int at = start; at + 8 <= end;)
        {
            bool hasSizeAtFour = (trace[at + 3] & 0xC0) == 0xC0 && trace[at + 2] is 1 or 2 or 3 or 4 or 16 or 17;
            int size = BinaryPrimitives.ReadUInt16LittleEndian(trace.AsSpan(hasSizeAtFour ? at + 4 : at));
            foreach ((int offset, int width) in InRecordHeader.Where(field => field.Offset + field.Width <= size))
            {
                yield return new Field(at + offset, width);
            }

            // Whatever comes after the shortest header: extended items, counters, payload.
            for (int offset = 16; offset + 4 <= size; offset += 4)
            {
                yield return new Field(at + offset, (offset & 8) == 0 ? 4 : 2);
            }

            at += Math.Max(8, (size + 7) & ~7);
        }
    }
}
