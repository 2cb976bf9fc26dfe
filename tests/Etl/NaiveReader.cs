using System.Buffers.Binary;

namespace Tracing.Etl.Tests;

/// <summary>A record as the naive reader sees it.</summary>
internal sealed record NaiveRecord(
    long Offset, int Processor, long Time, Guid Provider, int Id, int Opcode, int Version, int Thread, int Process, int PointerSize, string Payload, string Items);

/// <summary>
/// A second reader, written from the format notes alone and sharing no code with the product: it holds the whole file, keeps every record in lists and sorts. It knows
/// no damage and no limits. That two so different readers agree is what is tested.
/// </summary>
internal static class NaiveReader
{
    private const string Groups =
        "68fdd900-4a3e-11d1-84f4-0000f80464e3 3d6fa8d4-fe05-11d0-9dda-00c04fd7ba7c 3d6fa8d3-fe05-11d0-9dda-00c04fd7ba7c 3d6fa8d0-fe05-11d0-9dda-00c04fd7ba7c " +
        "90cbdc39-4a3e-11d1-84f4-0000f80464e3 3d6fa8d1-fe05-11d0-9dda-00c04fd7ba7c 9a280ac0-c8e0-11d1-84e2-00c04fb998a2 3282fc76-feed-498e-8aa7-e70f459d430e " +
        "bf3a50c5-a9c9-4988-a005-2df0b7c80f80 ae53722e-c863-11d2-8659-00c04fa321a1 13976d09-a327-438c-950b-7f03192815c7 01853a65-418f-4f36-aefc-dc0f1d2fd235 " +
        "99134383-5248-43fc-834b-529454e75df3 42695762-ea50-497a-9068-5cbbb35e0b95 0268a8b6-74fd-4302-9dd0-6e8f1795c0cf ce1dbfb4-137e-4da6-87b0-3f59aa102cbc " +
        "222962ab-6180-4b88-a825-346b75f2a24a 89497f50-effe-4440-8cf2-ce6b1cdcaca7 e43445e0-0903-48c3-b878-ff0fccebdd04 a9152f00-3f58-4bee-92a1-70c7d079d5dd " +
        "2cb15d1d-5fc1-11d2-abe1-00a0c911f518 b2d14872-7c5b-463d-8419-ee9bf7d23e04 7687a439-f752-45b8-b741-321aec0f8df9 3ac66736-cc59-4cff-8115-8df50e39816b " +
        "def2fe46-7bd6-4b80-bd94-f57fe20d0ce3 9aec974b-5b8e-4118-9b92-3186d8002ce5 45d8cccd-539f-4b72-a8b7-5c683142609a d837ca92-12b9-44a5-ad6a-3a65b3578aa8 " +
        "c861d0e2-a2c1-4d36-9f9c-970bab943a12 7f2a405c-69b5-4bf9-a1f5-30e8f1afab5e 2ce9a149-effe-42f0-a635-a1d39e26c8f2";

    private static readonly Guid[] GroupIds = [.. Groups.Split(' ').Select(text => new Guid(text))];

    private sealed record Buffer(int Session, bool IsHeader, int Processor, long Sequence, long At, byte[] Records);

    /// <summary>All records of a file, in the order of time. Of sessions appended to it, the clocks must be one and the same.</summary>
    public static List<NaiveRecord> Read(byte[] file)
    {
        List<Buffer> buffers = [];
        int session = -1;
        int compression = 0;
        for (long at = 0; at + 72 <= file.Length;)
        {
            byte[] buffer = file[(int)at..];
            uint size = U32(buffer, 0);
            uint saved = U32(buffer, 4);
            bool isHeader = U16(buffer, 0x36) == 4;
            if (isHeader)
            {
                session++;
                compression = U16(buffer, 0x2C);
            }

            bool isCompressed = (U16(buffer, 0x34) & 0x40) != 0;
            byte[] records = isCompressed ? NaiveDecompressor.Decompress(compression, buffer[72..(int)size], (int)saved - 72) : buffer[72..(int)saved];
            buffers.Add(new Buffer(session, isHeader, U16(buffer, 0x28), I64(buffer, 0x18), at, records));
            at += size;
        }

        List<NaiveRecord> headers = [];
        List<NaiveRecord> others = [];
        foreach (var stream in buffers.GroupBy(buffer => (buffer.Session, buffer.IsHeader, buffer.Processor)).OrderBy(stream => stream.Key.Session).ThenBy(stream => stream.Key.Processor))
        {
            long time = 0;
            foreach (Buffer buffer in stream.OrderBy(buffer => buffer.Sequence))
            {
                for (int at = 0; at + 4 <= buffer.Records.Length && U32(buffer.Records, at) != 0xFFFFFFFF;)
                {
                    NaiveRecord record = ReadRecord(buffer.Records, at, buffer.Processor, buffer.At + 72 + at, ref time, out int size);
                    (buffer.IsHeader ? headers : others).Add(record);
                    at += (size + 7) / 8 * 8;
                }
            }
        }

        // A stable sort of the streams, which lie one after the other in processor order, is the merge; header records stay in front.
        return [.. headers, .. others.OrderBy(record => record.Time)];
    }

    private static NaiveRecord ReadRecord(byte[] bytes, int start, int cpu, long offset, ref long time, out int size)
    {
        byte type = bytes[start + 2];
        if ((bytes[start + 3] & 0xC0) != 0xC0)
        {
            return ReadMessage(bytes, start, cpu, offset, ref time, out size);
        }

        bool sizeAtFour = type is 1 or 2 or 3 or 4 or 16 or 17;
        size = U16(bytes, sizeAtFour ? start + 4 : start);
        byte[] r = bytes[start..(start + size)];
        int pointer = type is 2 or 4 or 17 or 19 or 20 or 21 ? 8 : 4;
        switch (type)
        {
            case 1 or 2 or 3 or 4:
                time = I64(r, 16);
                return new NaiveRecord(offset, cpu, time, GroupOf(r), 0, r[6], r[0], I32(r, 8), I32(r, 12), pointer, Hex(r[(type <= 2 ? 32 : 24)..]), "");
            case 16 or 17:
                time = I64(r, 8);
                int extras = 8 * ((r[1] & 7) + (r[1] >> 7));
                return new NaiveRecord(offset, cpu, time, GroupOf(r), 0, r[6], r[0], -1, -1, pointer, Hex(r[(16 + extras)..]), "");
            case 10 or 20 or 11 or 21:
                time = I64(r, 16);
                return new NaiveRecord(offset, cpu, time, GuidAt(r, 24), 0, r[4], r[6], I32(r, 8), I32(r, 12), pointer, Hex(r[(type is 10 or 20 ? 48 : 72)..]), "");
            default:
                time = I64(r, 16);
                string items = ReadItems(r, out int payload);
                return new NaiveRecord(offset, cpu, time, GuidAt(r, 24), U16(r, 40), r[45], r[42], I32(r, 8), I32(r, 12), pointer, Hex(r[payload..]), items);
        }
    }

    private static string ReadItems(byte[] r, out int payload)
    {
        payload = 80;
        if ((r[4] & 1) == 0)
        {
            return "";
        }

        List<string> items = [];
        bool another = true;
        while (another)
        {
            int dataLength = U16(r, payload + 6);
            items.Add($"{U16(r, payload + 2)}:{Hex(r[(payload + 8)..(payload + 8 + dataLength)])}");
            another = (r[payload + 4] & 1) != 0;
            payload += U16(r, payload);
        }

        return string.Join(' ', items);
    }

    private static NaiveRecord ReadMessage(byte[] bytes, int start, int cpu, long offset, ref long time, out int size)
    {
        size = U16(bytes, start);
        byte[] r = bytes[start..(start + size)];
        int options = U16(r, 6);
        int at = 8 + ((options & 1) != 0 ? 4 : 0);
        Guid provider = Guid.Empty;
        if ((options & 2) != 0)
        {
            provider = GuidAt(r, at);
            at += 16;
        }
        else if ((options & 4) != 0)
        {
            at += 4;
        }

        if ((options & 8) != 0)
        {
            time = I64(r, at);
            at += 8;
        }

        (int thread, int process) = (-1, -1);
        if ((options & 0x20) != 0)
        {
            (thread, process) = (I32(r, at), I32(r, at + 4));
            at += 8;
        }

        return new NaiveRecord(offset, cpu, time, provider, U16(r, 4), 0, 0, thread, process, (options & 0x40) != 0 ? 4 : 8, Hex(r[at..]), "");
    }

    private static Guid GroupOf(byte[] r)
    {
        int group = r[7] == 3 && r[6] == 0x0A ? 0x14 : r[7];
        return group < GroupIds.Length ? GroupIds[group] : Guid.Empty;
    }

    private static Guid GuidAt(byte[] bytes, int at) => new(bytes.AsSpan(at, 16));

    private static string Hex(byte[] bytes) => Convert.ToHexString(bytes);

    private static ushort U16(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));

    private static uint U32(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));

    private static int I32(byte[] bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));

    private static long I64(byte[] bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at));
}
