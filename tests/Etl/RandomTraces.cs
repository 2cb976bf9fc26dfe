using CsCheck;

namespace Tracing.Etl.Tests;

/// <summary>
/// Random traces: any mix of record kinds, processors beyond the 256th too, buffer fill, and order of buffers in the file, as a wrapped circular one has it; plain or in
/// any compression; with a header of 32 or 64 bits; numbered from 1 or, as files of a new-file session are, from further on; one session or two in a file.
/// </summary>
internal static class RandomTraces
{
    private const int Room = Traces.BufferSize - 72;

    /// <summary>What a trace is made of: the buffers in the order of the file.</summary>
    /// <param name="Compression">As the file names it: 0 none, 2 LZNT1, 3 XPRESS, 4 XPRESS with Huffman.</param>
    /// <param name="Is32Bit">Whether the machine was a 32-bit one.</param>
    /// <param name="FirstSequence">Number of the first buffer after the header's.</param>
    /// <param name="IsTwice">Whether the session stands in the file twice, the second one appended.</param>
    /// <param name="Buffers">The buffers.</param>
    public sealed record Plan(
        ushort Compression, bool Is32Bit, long FirstSequence, bool IsTwice, IReadOnlyList<(int Processor, long Sequence, byte[] Records)> Buffers)
    {
        public byte[] Write()
        {
            EtlHeader header = Traces.Header with
            {
                PointerSize = Is32Bit ? 4 : 8,
                LogFileMode = FirstSequence > 1 ? EtlLogFileMode.NewFile : EtlLogFileMode.Circular,
            };
            byte[] trace = Traces.Write(Buffers.Select(buffer => (buffer.Processor, buffer.Sequence + FirstSequence - 1, buffer.Records)), header, compress: Compression == 3);
            trace = Compression is 2 or 4 ? CompressedFilesTest.Pack(trace, Compression) : trace;
            return IsTwice ? [.. trace, .. trace] : trace;
        }
    }

    private static readonly Gen<Guid> Providers = Gen.OneOf(Gen.Const(Traces.Provider), Gen.Const(new Guid("e13c0d23-ccbc-4e12-931b-d9cc2eee27e4")), Gen.Const(Guid.Empty));

    private static readonly Gen<byte[]> Payloads = Gen.Byte.Array[0, 60];

    private static readonly Gen<byte[]?> ItemLists = Gen.OneOf(
        Gen.Int[0, 0].Select(_ => (byte[]?)null),
        Gen.Select(Gen.UShort[1, 20], Gen.Byte.Array[0, 30]).Array[1, 4].Select(items => (byte[]?)RecordBytes.Items(items)));

    /// <summary>Makes a record of a given time.</summary>
    private static readonly Gen<Func<long, byte[]>> Records = Gen.OneOf(
        Gen.Select(Providers, Gen.UShort, Payloads, ItemLists, Gen.Byte, Gen.Bool)
            .Select((provider, id, payload, items, opcode, is64) => (Func<long, byte[]>)(time => RecordBytes.Event(time, provider, id, payload, items, opcode, 1, is64))),
        Gen.Select(Gen.UShort, Payloads, Gen.Bool, Gen.Int[0, 2])
            .Select((hook, payload, is64, kind) => (Func<long, byte[]>)(time => kind switch
            {
                0 => RecordBytes.System(time, hook, payload, is64),
                1 => RecordBytes.Compact(time, hook, payload, is64),
                _ => RecordBytes.PerfInfo(time, hook, payload, is64),
            })),
        Gen.Select(Gen.UShort, Payloads, Gen.Bool, Gen.Int[0, 7])
            .Select((hook, payload, pebs, counters) => (Func<long, byte[]>)(time => RecordBytes.PerfInfo(time, hook, payload, true, 3, pebs, counters))),
        Gen.Select(Providers, Gen.Byte, Payloads, Gen.Bool, Gen.Bool)
            .Select((provider, opcode, payload, is64, isInstance) => (Func<long, byte[]>)(time =>
                isInstance ? RecordBytes.Instance(time, provider, opcode, payload, is64) : RecordBytes.Full(time, provider, opcode, payload, is64))),
        Gen.Select(Gen.UShort, Payloads, Gen.Bool, Gen.Bool, Gen.Bool, Gen.Bool, Gen.Bool)
            .Select((number, payload, hasGuid, hasSequence, hasComponent, hasTime, hasIds) => (Func<long, byte[]>)(time => RecordBytes.Message(
                number,
                payload,
                hasGuid ? Traces.Provider : null,
                hasSequence ? 9 : null,
                hasComponent && !hasGuid ? 8 : null,
                hasTime ? time : null,
                hasIds ? (70, 40) : null))));

    /// <summary>Random traces.</summary>
    public static readonly Gen<Plan> Plans =
        Gen.Select(
            Gen.OneOf(Gen.Const((ushort)0), Gen.Const((ushort)2), Gen.Const((ushort)3), Gen.Const((ushort)4)),
            Gen.Select(Gen.Bool, Gen.Long[1, 1000], Gen.Bool),
            Gen.Select(Gen.Int[0, 300], Gen.Select(Gen.Int[0, 5], Records).Array[0, 60]).Array[1, 5],
            Gen.Int)
        .Select((compression, layout, streams, seed) => new Plan(compression, layout.Item1, layout.Item2, layout.Item3, Shuffle(Buffers(streams), seed)));

    // Times within a stream never run backwards, and steps of 0 to 5 make equal times on several processors common.
    private static List<(int Processor, byte[] Records)> Buffers((int Processor, (int Step, Func<long, byte[]> Make)[] Records)[] streams)
    {
        List<(int, byte[])> buffers = [];
        foreach (var stream in streams.DistinctBy(stream => stream.Processor))
        {
            List<byte> buffer = [];
            long time = Traces.StartTicks;
            foreach ((int step, Func<long, byte[]> make) in stream.Records)
            {
                time += step;
                byte[] record = make(time);
                if (buffer.Count + record.Length > Room)
                {
                    buffers.Add((stream.Processor, [.. buffer]));
                    buffer.Clear();
                }

                buffer.AddRange(record);
            }

            buffers.Add((stream.Processor, [.. buffer]));
        }

        return buffers;
    }

    // Buffers of one processor keep their order in sequence; where they lie in the file is free, as in a circular one.
    private static List<(int Processor, long Sequence, byte[] Records)> Shuffle(List<(int Processor, byte[] Records)> buffers, int seed)
    {
        Random random = new(seed);
        (int Processor, long Sequence, byte[] Records)[] numbered = [.. buffers.Select((buffer, i) => (buffer.Processor, i + 1L, buffer.Records))];
        random.Shuffle(numbered);
        return [.. numbered];
    }
}
