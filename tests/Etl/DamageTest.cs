using System.Buffers.Binary;
using CsCheck;

namespace Tracing.Etl.Tests;

/// <summary>Files that were cut, overwritten or lie: what is whole is read, the rest is counted with its offset.</summary>
public sealed class DamageTest
{
    private const int EventsPerBuffer = 5;
    private const int Buffers = 6;
    private const int BufferSize = Traces.BufferSize;
    private static readonly byte[] Good = Traces.Simple(Buffers, EventsPerBuffer);
    private static readonly byte[] GoodCompressed = Traces.Simple(Buffers, EventsPerBuffer, compress: true);

    // 80 bytes of header and 3 of payload, padded.
    private const int EventLength = 88;

    [Fact]
    public void Every_prefix_is_read_as_far_as_it_is_whole()
    {
        int headerRecordEnd = 72 + 32 + 0x118;
        for (int length = 0; length <= Good.Length; length++)
        {
            byte[] prefix = Good[..length];
            if (length < headerRecordEnd)
            {
                Assert.Throws<EtlFormatException>(() => Traces.Open(prefix));
                continue;
            }

            using EtlFile file = Traces.Open(prefix);
            int wholeBuffers = Math.Max(0, (length / BufferSize) - 1);
            int inBuffer = length < 2 * BufferSize ? length - BufferSize : length % BufferSize;
            int wholeRecords = inBuffer < 72 || wholeBuffers == Buffers ? 0 : Math.Min((inBuffer - 72 + 5) / EventLength, EventsPerBuffer);
            int header = length < 72 + HeaderRecordLength() ? 0 : 1;
            Assert.Equal(header + (wholeBuffers * EventsPerBuffer) + wholeRecords, Traces.ReadAll(file).Count);
            Assert.Equal(header + (wholeBuffers * EventsPerBuffer) + wholeRecords, file.TakeCensus(CancellationToken.None).Records);
            Assert.Equal(length % BufferSize == 0 ? 0 : 1, file.Oddities.CountOf(EtlOddityKind.TruncatedBuffer));
            Assert.Equal(file.Oddities.CountOf(EtlOddityKind.TruncatedBuffer), file.Oddities.Problems);
        }
    }

    [Fact]
    public void Every_prefix_of_a_compressed_file_gives_its_whole_buffers()
    {
        int[] ends = BufferEnds(GoodCompressed);
        for (int length = ends[0]; length <= GoodCompressed.Length; length++)
        {
            using EtlFile file = Traces.Open(GoodCompressed[..length]);
            int whole = ends.Count(end => end <= length) - 1;

            Assert.Equal(1 + (whole * EventsPerBuffer), Traces.ReadAll(file).Count);
            Assert.Equal(ends.Contains(length) ? 0 : 1, file.Oddities.Problems);
        }
    }

    [Fact]
    public void A_buffer_overwritten_with_noise_costs_only_itself() =>
        Gen.Select(Gen.Int[1, Buffers], Gen.Byte.Array[BufferSize]).Sample((victim, noise) =>
        {
            // A first byte of 1 keeps the noise from being a valid header by chance: no buffer of this file has an odd size.
            noise[0] = 1;
            byte[] trace = [.. Good];
            noise.CopyTo(trace, victim * BufferSize);
            using EtlFile file = Traces.Open(trace);

            List<NaiveRecord> expected = [.. NaiveReader.Read(Good).Where(record => record.Offset / BufferSize != victim)];
            Assert.Equal(expected, Traces.ReadAll(file));
            EtlOddity oddity = Assert.Single(file.Oddities, oddity => oddity.Kind == EtlOddityKind.BadBufferHeader);
            Assert.Equal((1, victim * BufferSize, BufferSize), (oddity.Count, oddity.FirstOffset, oddity.Bytes));
        });

    [Fact]
    public void A_compressed_buffer_overwritten_with_noise_costs_only_itself() =>
        Gen.Select(Gen.Int[1, Buffers], Gen.Byte.Array[BufferSize]).Sample((victim, noise) =>
        {
            int[] ends = BufferEnds(GoodCompressed);
            byte[] trace = [.. GoodCompressed];
            noise.AsSpan(0, ends[victim] - ends[victim - 1]).CopyTo(trace.AsSpan(ends[victim - 1]));
            trace[ends[victim - 1] + 3] = 0xFF;
            using EtlFile file = Traces.Open(trace);

            Assert.Equal(1 + ((Buffers - 1) * EventsPerBuffer), Traces.ReadAll(file).Count);
            EtlOddity oddity = Assert.Single(file.Oddities, oddity => oddity.Kind == EtlOddityKind.BadBufferHeader);
            Assert.Equal((1, ends[victim - 1], ends[victim] - ends[victim - 1]), (oddity.Count, oddity.FirstOffset, oddity.Bytes));
        });

    [Fact]
    public void A_compressed_buffer_that_lies_about_its_size_costs_only_itself()
    {
        int[] ends = BufferEnds(GoodCompressed);
        byte[] trace = [.. GoodCompressed];

        // One byte more than it is: the next header seems to begin too late.
        BinaryPrimitives.WriteInt32LittleEndian(trace.AsSpan(ends[1]), ends[2] - ends[1] + 1);
        using EtlFile file = Traces.Open(trace);

        Assert.Equal(1 + ((Buffers - 1) * EventsPerBuffer), Traces.ReadAll(file).Count);
        EtlOddity oddity = Assert.Single(file.Oddities, oddity => !oddity.IsNote);
        Assert.Equal((EtlOddityKind.BadBufferHeader, 1, ends[1]), (oddity.Kind, oddity.Count, oddity.FirstOffset));
    }

    [Fact]
    public void Noise_anywhere_never_throws_anything_but_a_format_exception() =>
        Gen.Select(Gen.Bool, Gen.Int[0, Good.Length - 1], Gen.Byte.Array[1, 200]).Sample((compressed, at, noise) =>
        {
            byte[] trace = [.. compressed ? GoodCompressed : Good];
            at %= trace.Length;
            noise.AsSpan(0, Math.Min(noise.Length, trace.Length - at)).CopyTo(trace.AsSpan(at));
            try
            {
                using EtlFile file = Traces.Open(trace);
                int read = Traces.ReadAll(file).Count;
                Assert.Equal(read, file.TakeCensus(CancellationToken.None).Records);
            }
            catch (EtlFormatException e)
            {
                Assert.Equal("test.etl", e.FilePath);
            }
        });

    [Fact]
    public void Two_broken_buffers_apart_are_counted_apart_and_two_together_as_one_stretch()
    {
        byte[] trace = [.. Good];
        foreach (int victim in (int[])[1, 3, 4])
        {
            trace.AsSpan(victim * BufferSize, BufferSize).Fill(0x55);
        }

        using EtlFile file = Traces.Open(trace);
        EtlOddity oddity = Assert.Single(file.Oddities, oddity => oddity.Kind == EtlOddityKind.BadBufferHeader);

        Assert.Equal((2, BufferSize, 3 * BufferSize), (oddity.Count, oddity.FirstOffset, oddity.Bytes));
        Assert.Equal(1 + (3 * EventsPerBuffer), Traces.ReadAll(file).Count);
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0xFF)]
    public void A_preallocated_tail_is_a_note(byte fill)
    {
        byte[] tail = new byte[(3 * BufferSize) + 100];
        Array.Fill(tail, fill);
        using EtlFile file = Traces.Open([.. Good, .. tail]);
        EtlOddity oddity = Assert.Single(file.Oddities);

        Assert.Equal((EtlOddityKind.UnusedTail, 1, Good.Length, tail.Length), (oddity.Kind, oddity.Count, oddity.FirstOffset, oddity.Bytes));
        Assert.True(oddity.IsNote);
        Assert.Equal(1 + (Buffers * EventsPerBuffer), Traces.ReadAll(file).Count);
    }

    [Theory]
    [InlineData(79, EtlOddityKind.RecordOverrun, "one byte less than its header")]
    [InlineData(5000, EtlOddityKind.RecordOverrun, "more than its buffer")]
    [InlineData(0, EtlOddityKind.RecordOverrun, "nothing")]
    public void A_record_whose_size_is_impossible_ends_its_buffer(int size, EtlOddityKind kind, string size_is)
    {
        byte[] trace = [.. Good];
        int at = (2 * BufferSize) + 72 + (2 * EventLength);
        BinaryPrimitives.WriteUInt16LittleEndian(trace.AsSpan(at), (ushort)size);
        CheckOneLossIn(trace, kind, at, size_is);
    }

    [Theory]
    [InlineData(0xC0, 12)]
    [InlineData(0xC0, 15)]
    [InlineData(0xC0, 22)]
    [InlineData(0xC0, 255)]
    [InlineData(0xB0, 0)]
    [InlineData(0x40, 19)]
    public void A_record_of_an_unknown_header_ends_its_buffer(byte flags, byte type)
    {
        byte[] trace = [.. Good];
        int at = (2 * BufferSize) + 72 + (2 * EventLength);
        trace[at + 2] = type;
        trace[at + 3] = flags;
        CheckOneLossIn(trace, EtlOddityKind.UnknownRecordHeader, at, "");
    }

    [Theory]
    [InlineData(7, 0, "total below the item's header")]
    [InlineData(16, 9, "data beyond the item")]
    [InlineData(32, 8, "item beyond the record")]
    public void Extended_items_that_do_not_fit_leave_the_payload_out(ushort total, ushort data, string what)
    {
        byte[] items = RecordBytes.Items((13, new byte[8]));
        BinaryPrimitives.WriteUInt16LittleEndian(items, total);
        BinaryPrimitives.WriteUInt16LittleEndian(items.AsSpan(6), data);
        byte[] record = RecordBytes.Event(Traces.StartTicks + 1, Traces.Provider, 7, [1, 2], items);
        using EtlFile file = Traces.Open(Traces.Write([(0, 1, [.. record, .. RecordBytes.System(Traces.StartTicks + 2, 0x0524, [])])]));

        List<NaiveRecord> read = Traces.ReadAll(file);
        Assert.True(read.Count == 3, what);
        Assert.Equal((7, "", ""), (read[1].Id, read[1].Payload, read[1].Items));
        Assert.Equal((1, BufferSize + 72), (file.Oddities.CountOf(EtlOddityKind.MalformedExtras), file.Oddities.Single(o => o.Kind == EtlOddityKind.MalformedExtras).FirstOffset));
    }

    [Fact]
    public void Time_running_backwards_is_counted_and_nothing_is_dropped()
    {
        byte[] Event(long time, ushort id) => RecordBytes.Event(Traces.StartTicks + time, Traces.Provider, id, []);
        using EtlFile file = Traces.Open(Traces.Write([(0, 1, [.. Event(1, 1), .. Event(9, 2), .. Event(5, 3)]), (1, 2, Event(7, 4))]));

        Assert.Equal([0, 1, 4, 2, 3], Traces.ReadAll(file).Select(record => record.Id));
        Assert.Equal(1, file.Oddities.CountOf(EtlOddityKind.TimeWentBackwards));
    }

    [Fact]
    public void Missing_and_repeated_sequence_numbers_are_told()
    {
        byte[] record = RecordBytes.Event(Traces.StartTicks + 1, Traces.Provider, 1, []);
        using EtlFile file = Traces.Open(Traces.Write([(0, 5, record), (1, 6, record), (0, 9, record), (2, 9, record), (3, 10, record)]));

        Assert.Equal(
            [(EtlOddityKind.SequenceGap, 1L, 3L * BufferSize, true), (EtlOddityKind.DuplicateSequence, 1L, 4L * BufferSize, false)],
            file.Oddities.Select(oddity => (oddity.Kind, oddity.Count, oddity.FirstOffset, oddity.IsNote)));
        Assert.Equal(6, Traces.ReadAll(file).Count);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(0xFFFF)]
    public void Buffers_of_another_compression_are_counted_as_such(ushort format)
    {
        byte[] trace = [.. GoodCompressed];
        BinaryPrimitives.WriteUInt16LittleEndian(trace.AsSpan(0x2C), format);
        using EtlFile file = Traces.Open(trace);

        Assert.Single(Traces.ReadAll(file));
        EtlOddity oddity = Assert.Single(file.Oddities);
        Assert.Equal(
            (EtlOddityKind.UnsupportedCompression, Buffers, BufferEnds(trace)[0], trace.Length - BufferEnds(trace)[0] - (72 * Buffers)),
            (oddity.Kind, oddity.Count, oddity.FirstOffset, oddity.Bytes));
    }

    [Fact]
    public void Buffers_that_say_something_was_lost_before_them_are_noted()
    {
        byte[] trace = [.. Good];
        trace[(2 * BufferSize) + 0x34] |= 0x02;
        trace[(4 * BufferSize) + 0x34] |= 0x04;
        trace[(5 * BufferSize) + 0x34] |= 0x04;
        using EtlFile file = Traces.Open(trace);

        Assert.Equal(
            [(EtlOddityKind.EventsLostMark, 1L, 2L * BufferSize, true), (EtlOddityKind.BuffersLostMark, 2L, 4L * BufferSize, true)],
            file.Oddities.Select(oddity => (oddity.Kind, oddity.Count, oddity.FirstOffset, oddity.IsNote)));
    }

    [Fact]
    public void Two_sessions_in_one_file_are_both_read_and_told()
    {
        using EtlFile file = Traces.Open([.. Good, .. Good]);

        Assert.Equal(2 * (1 + (Buffers * EventsPerBuffer)), Traces.ReadAll(file).Count);
        Assert.Equal(EtlOddityKind.AppendedSession, Assert.Single(file.Oddities).Kind);
    }

    [Fact]
    public void Reading_again_counts_nothing_again()
    {
        byte[] trace = [.. Good];
        trace[BufferSize + 72 + 2] = 99;
        using EtlFile file = Traces.Open(trace);
        for (int i = 0; i < 3; i++)
        {
            _ = Traces.ReadAll(file);
            _ = file.TakeCensus(CancellationToken.None);
        }

        Assert.Equal(1, file.Oddities.Problems);
    }

    private static void CheckOneLossIn(byte[] trace, EtlOddityKind kind, int at, string what)
    {
        using EtlFile file = Traces.Open(trace);

        // Two records of the third buffer come before the damage.
        Assert.True(1 + ((Buffers - 1) * EventsPerBuffer) + 2 == Traces.ReadAll(file).Count, what);
        EtlOddity oddity = Assert.Single(file.Oddities);
        Assert.Equal((kind, 1, at, 3 * EventLength), (oddity.Kind, oddity.Count, oddity.FirstOffset, oddity.Bytes));
        Assert.Contains($"0x{at:X}", oddity.Sentence, StringComparison.Ordinal);
    }

    // "a session" and "a.etl" with their ends, 10 and 6 characters, after the 64-bit header.
    private static int HeaderRecordLength() => 32 + 0x118 + (2 * (10 + 6));

    private static int[] BufferEnds(byte[] trace)
    {
        List<int> ends = [];
        for (int at = 0; at < trace.Length; at = ends[^1])
        {
            ends.Add(at + BinaryPrimitives.ReadInt32LittleEndian(trace.AsSpan(at)));
        }

        return [.. ends];
    }
}
