using System.Buffers.Binary;

namespace Tracing.Etl.Tests;

/// <summary>What is no event trace log is refused with a message that says where, what was expected, what was found and what to do.</summary>
public sealed class BadInputTest : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("etl-test");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_missing_file_is_the_operating_systems_error() =>
        Assert.Throws<FileNotFoundException>(() => EtlFile.Open(Path.Combine(_folder.FullName, "none.etl")));

    [Fact]
    public void A_directory_is_told_to_be_one()
    {
        EtlFormatException e = Assert.Throws<EtlFormatException>(() => EtlFile.Open(_folder.FullName));
        Assert.Equal((_folder.FullName, 0), (e.FilePath, e.Offset));
        Assert.Contains("is a directory; expected an .etl file", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "the file is empty")]
    [InlineData("Hello", "found a file of 5, beginning 48 65 6C 6C 6F")]
    [InlineData("A text that is long enough to hold a buffer header, of seventy-two bytes, and more.", "expected a header buffer (type 4 at 0x36)")]
    public void What_is_no_trace_is_refused(string content, string message)
    {
        string path = Path.Combine(_folder.FullName, "a.etl");
        File.WriteAllText(path, content);
        EtlFormatException e = Assert.Throws<EtlFormatException>(() => EtlFile.Open(path));
        Assert.Equal((path, 0), (e.FilePath, e.Offset));
        Assert.StartsWith($"{path}, offset 0x0: ", e.Message, StringComparison.Ordinal);
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0x36, 0, 0, "found type 0")]
    [InlineData(0x00, 64, 0, "expected a header buffer")]
    [InlineData(0x00, 1 << 25, 0, "raise EtlLimits.MaximumBufferSize")]
    [InlineData(0x04, 1 << 25, 0, "raise EtlLimits.MaximumBufferSize")]
    [InlineData(0x48, 2 | (19 << 16) | (0xC0 << 24), 72, "expected the header record")]
    [InlineData(0x4C, 0x0050_018E, 72, "expected the header record")]
    [InlineData(0x4C, 0x0000_0100, 72, "expected a header record of at least 312 bytes, found 256")]
    [InlineData(0x68, 0, 104, "buffers are 0 bytes")]
    [InlineData(0x68, -1, 104, "buffers are 4,294,967,295 bytes")]
    [InlineData(0x68 + 0x100, 0, 72, "a frequency of 0 Hz")]
    public void A_header_that_cannot_be_is_refused(int at, int value, int offset, string message)
    {
        byte[] trace = Traces.Simple(1, 1);
        BinaryPrimitives.WriteInt32LittleEndian(trace.AsSpan(at), value);
        EtlFormatException e = Assert.Throws<EtlFormatException>(() => Traces.Open(trace));

        Assert.Equal(("test.etl", offset), (e.FilePath, e.Offset));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Limits_have_bounds()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new EtlLimits { MaximumBufferSize = 71 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new EtlLimits { MaximumBufferSize = (1 << 30) + 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new EtlLimits { MaximumBuffers = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new EtlLimits { MaximumStreams = 65_537 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new EtlLimits { MaximumMergeBytes = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => new EtlLimits { MaximumDistinctEvents = 0 });
    }

    [Fact]
    public void Buffers_beyond_a_limit_are_set_aside_and_counted()
    {
        byte[] record = RecordBytes.Event(Traces.StartTicks + 1, Traces.Provider, 1, []);
        byte[] trace = Traces.Write([(0, 1, record), (1, 2, record), (2, 3, record)]);

        Assert.Equal((2, 1), Read(new EtlLimits { MaximumBuffers = 2 }));
        Assert.Equal((3, 1), Read(new EtlLimits { MaximumStreams = 2 }));

        // Room for the header buffer's record and for two streams of one 80-byte record each.
        int headerContent = BinaryPrimitives.ReadInt32LittleEndian(trace.AsSpan(4)) - 72;
        Assert.Equal((3, 1), Read(new EtlLimits { MaximumMergeBytes = headerContent + 160 }));
        Assert.Equal((4, 0), Read(new EtlLimits { MaximumMergeBytes = headerContent + 240 }));

        (int Records, long Counted) Read(EtlLimits limits)
        {
            using EtlFile file = EtlFile.Open(trace, "test.etl", limits);
            return (Traces.ReadAll(file).Count, file.Oddities.CountOf(EtlOddityKind.LimitReached));
        }
    }

    [Fact]
    public void Events_beyond_the_census_limit_are_counted_without_a_name()
    {
        byte[] Event(ushort id) => RecordBytes.Event(Traces.StartTicks + id, Traces.Provider, id, []);
        byte[] trace = Traces.Write([(0, 1, [.. Event(1), .. Event(2), .. Event(3), .. Event(1)])]);
        using EtlFile file = EtlFile.Open(trace, "test.etl", new EtlLimits { MaximumDistinctEvents = 2 });
        EtlCensus census = file.TakeCensus(TestContext.Current.CancellationToken);

        // Which two of the four events have the places depends on which thread counted first, and so does how many records go without a name. That places are used
        // up, and that every record is counted once, does not.
        Assert.Equal(5, census.Records);
        Assert.Equal(2, census.Providers.Sum(provider => provider.Events.Count));
        Assert.Equal(census.Records, census.Providers.Sum(provider => provider.Records) + census.UnnamedRecords);
    }

    [Fact]
    public void A_census_can_be_cancelled()
    {
        using EtlFile file = Traces.Open(Traces.Simple(3, 3));
        Assert.ThrowsAny<OperationCanceledException>(() => file.TakeCensus(new CancellationToken(canceled: true)));
    }

    [Fact]
    public void A_closed_file_cannot_be_read()
    {
        string path = Path.Combine(_folder.FullName, "a.etl");
        File.WriteAllBytes(path, Traces.Simple(2, 2));
        EtlFile file = EtlFile.Open(path);
        file.Dispose();

        Assert.Throws<ObjectDisposedException>(() => file.ReadInTimeOrder().MoveNext());
        Assert.Throws<ObjectDisposedException>(() => file.TakeCensus(TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_file_cut_while_it_is_read_gives_what_is_left()
    {
        string path = Path.Combine(_folder.FullName, "a.etl");
        File.WriteAllBytes(path, Traces.Simple(3, 2));
        using EtlFile file = EtlFile.Open(path);
        using (FileStream stream = File.Open(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            stream.SetLength(2 * Traces.BufferSize);
        }

        Assert.Equal(1 + 2, Traces.ReadAll(file).Count);
        Assert.Equal(2, file.Oddities.CountOf(EtlOddityKind.TruncatedBuffer));
    }

    [Fact]
    public void The_current_record_exists_only_after_a_move()
    {
        using EtlFile file = Traces.Open(Traces.Simple(1, 1));
        EtlTimeline timeline = file.ReadInTimeOrder();
        Assert.Throws<InvalidOperationException>(() => timeline.Current.Id);
        while (timeline.MoveNext())
        {
        }

        Assert.False(timeline.MoveNext());
        Assert.Throws<InvalidOperationException>(() => timeline.Current.Id);
    }
}
