using System.Buffers.Binary;

namespace Tracing.Etl.Tests;

/// <summary>The bytes of a written file, against the annotated example of the format notes, section 8, and misuse of the writer.</summary>
public sealed class WriterTest
{
    [Fact]
    public void The_header_buffer_is_laid_out_as_windows_does()
    {
        byte[] trace = Traces.Write([]);
        int saved = 72 + ((32 + 0x118 + 32 + 7) / 8 * 8);

        Assert.Equal(Traces.BufferSize, trace.Length);
        Assert.Equal(
            (1024, saved, 0L, 0L, 0, 5, 3, saved, 0x21, 4),
            (I32(trace, 0), I32(trace, 4), I64(trace, 0x10), I64(trace, 0x18), U16(trace, 0x28), U16(trace, 0x2A), I32(trace, 0x2C), I32(trace, 0x30), U16(trace, 0x34), U16(trace, 0x36)));
        Assert.Equal("020002C0", Convert.ToHexString(trace, 72, 4));
        Assert.Equal((32 + 0x118 + 32, 0, 55, 44, Traces.StartTicks), (U16(trace, 0x4C), U16(trace, 0x4E), I32(trace, 0x50), I32(trace, 0x54), I64(trace, 0x58)));
        Assert.Equal("0A000105", Convert.ToHexString(trace, 0x6C, 4));
        Assert.All(trace[saved..], value => Assert.Equal(0xFF, value));
    }

    [Fact]
    public void A_data_buffer_is_laid_out_as_windows_does()
    {
        byte[] record = RecordBytes.Event(Traces.StartTicks + 1, Traces.Provider, 1, [1, 2, 3]);
        byte[] buffer = Traces.Write([(3, 9, record)])[Traces.BufferSize..];

        Assert.Equal(
            (1024, 72 + 88, Traces.StartTicks + 9, 9L, 3, 5, 3, 72 + 88, 0x20, 0),
            (I32(buffer, 0), I32(buffer, 4), I64(buffer, 0x10), I64(buffer, 0x18), U16(buffer, 0x28), U16(buffer, 0x2A), I32(buffer, 0x2C), I32(buffer, 0x30), U16(buffer, 0x34), U16(buffer, 0x36)));
        Assert.Equal(record, buffer[72..160]);
        Assert.All(buffer[160..], value => Assert.Equal(0xFF, value));
    }

    [Theory]
    [InlineData(8)]
    [InlineData(4)]
    public void Everything_in_the_header_comes_back_from_either_layout(int pointerSize)
    {
        EtlHeader header = Traces.Header with
        {
            PointerSize = pointerSize,
            OsBuild = 26100,
            MaximumFileSize = 77,
            StartBuffers = 2,
            TimeZoneBiasMinutes = -90,
            TimerResolution = 5000,
            CpuMHz = 3000,
            LoggerName = "名前",
            LogFileName = "",
        };
        using EtlFile file = Traces.Open(Traces.Write([(0, 1, [])], header));

        Assert.Equal(header with { EndTime = 133_000_000_100_000_000, EventsLost = 3, BuffersLost = 1, BuffersWritten = 2 }, file.Header);
    }

    [Fact]
    public void A_session_that_was_not_closed_reads_all_the_same()
    {
        using MemoryStream stream = new();
        using (EtlWriter writer = new(stream, new EtlWriterOptions { Header = Traces.Header }))
        {
            writer.WriteBuffer(new EtlBuffer { Processor = 0, Sequence = 1, Records = RecordBytes.Event(Traces.StartTicks, Traces.Provider, 1, []) });
        }

        using EtlFile file = Traces.Open(stream.ToArray());
        Assert.Equal((0L, 0u, 2), (file.Header.EndTime, file.Header.BuffersWritten, file.BufferCount));
        Assert.Null(file.Header.EndTimeUtc);
        Assert.Equal(2, Traces.ReadAll(file).Count);
        Assert.Empty(file.Oddities);
    }

    [Fact]
    public void A_32_bit_header_buffer_is_read_by_its_own_layout()
    {
        // The 64-bit form, without the 8 bytes by which its two pointers are longer: 4 from each of the fields at 0x38 and 0x40.
        byte[] trace = Traces.Simple(1, 2);
        byte[] payload = trace[104..];
        byte[] shorter = [.. payload[..0x3C], .. payload[0x40..0x44], .. payload[0x48..(Traces.BufferSize - 104)], .. new byte[8]];
        shorter.CopyTo(trace, 104);
        trace[72 + 2] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(trace.AsSpan(72 + 4), (ushort)(U16(trace, 72 + 4) - 8));
        BinaryPrimitives.WriteInt32LittleEndian(trace.AsSpan(4), I32(trace, 4) - 8);
        using EtlFile file = Traces.Open(trace);

        Assert.Equal(Traces.Header with { EndTime = 133_000_000_100_000_000, EventsLost = 3, BuffersLost = 1, BuffersWritten = 2 }, file.Header);
        Assert.Equal([4, 8, 8], Traces.ReadAll(file).Select(record => record.PointerSize));
    }

    [Fact]
    public void Compressed_files_say_so()
    {
        byte[] trace = Traces.Simple(3, 5, compress: true);
        using EtlFile file = Traces.Open(trace);

        Assert.Equal((2, 0), (file.Header.FormatMajorVersion, file.Header.FormatMinorVersion));
        Assert.True(file.Header.LogFileMode.HasFlag(EtlLogFileMode.Compressed));
        Assert.Equal((512, 3), (I32(trace, 0), I32(trace, 0x2C)));
        Assert.Equal(0x60, U16(trace, 512 + 0x34));
        Assert.True(trace.Length < 512 + (3 * 5 * 88), "Equal events must shrink.");
    }

    [Fact]
    public void A_payload_in_pieces_is_filled_in_place()
    {
        byte[] buffer = new byte[96];
        buffer.AsSpan().Fill(0xCC);
        EtlEventHeader header = new() { Time = 1, ProviderId = Traces.Provider, Id = 1, Is32Bit = true };

        Assert.True(EtlEventRecord.TryReserve(buffer, header, 9, out Span<byte> payload, out int written));
        Assert.Equal((9, 96), (payload.Length, written));
        payload.Fill(0x77);
        Assert.Equal("7777777777777777" + "77" + "00000000000000", Convert.ToHexString(buffer, 80, 16));
        Assert.Equal("590012C0", Convert.ToHexString(buffer, 0, 4));
    }

    [Fact]
    public void A_record_that_does_not_fit_writes_nothing()
    {
        byte[] buffer = new byte[70_000];
        EtlEventHeader header = new() { Time = 1, ProviderId = Traces.Provider, Id = 1 };

        Assert.False(EtlEventRecord.TryWrite(buffer.AsSpan(0, 87), header, [1], out int written));
        Assert.False(EtlEventRecord.TryWrite(buffer, header, new byte[EtlEventRecord.MaximumPayload + 1], out _));
        Assert.Equal(0, written);
        Assert.All(buffer, value => Assert.Equal(0, value));
        Assert.True(EtlEventRecord.TryWrite(buffer, header, new byte[EtlEventRecord.MaximumPayload], out written));
        Assert.Equal(65_536, written);
    }

    [Fact]
    public void Misuse_is_refused()
    {
        using MemoryStream stream = new();
        Assert.Throws<ArgumentException>(() => new EtlWriter(stream, new EtlWriterOptions { Header = Traces.Header with { BufferSize = 400 } }));
        Assert.Throws<ArgumentException>(() => new EtlWriter(stream, new EtlWriterOptions { Header = Traces.Header with { LoggerName = new string('x', 500) } }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EtlWriter(stream, new EtlWriterOptions { Header = Traces.Header with { PerfFrequency = 0 } }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new EtlWriter(stream, new EtlWriterOptions { Header = Traces.Header with { PointerSize = 5 } }));

        using EtlWriter writer = new(stream, new EtlWriterOptions { Header = Traces.Header });
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.WriteBuffer(new EtlBuffer { Processor = -1, Sequence = 1, Records = [] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.WriteBuffer(new EtlBuffer { Processor = 65_536, Sequence = 1, Records = [] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.WriteBuffer(new EtlBuffer { Processor = 0, Sequence = 0, Records = [] }));
        Assert.Throws<ArgumentOutOfRangeException>(() => writer.WriteBuffer(new EtlBuffer { Processor = 0, Sequence = 1, Records = new byte[960] }));
        Assert.Throws<ArgumentException>(() => writer.WriteBuffer(new EtlBuffer { Processor = 0, Sequence = 1, Records = new byte[9] }));
        writer.Complete(new EtlClosing(1));
        Assert.Throws<ObjectDisposedException>(() => writer.Complete(new EtlClosing(1)));
        Assert.Throws<ObjectDisposedException>(() => writer.WriteBuffer(new EtlBuffer { Processor = 0, Sequence = 1, Records = [] }));
    }

    private static int I32(byte[] bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at));

    private static long I64(byte[] bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at));

    private static int U16(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));
}
