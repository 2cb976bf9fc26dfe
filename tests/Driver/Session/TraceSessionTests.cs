using Tracing.Driver.Tests.Support;
using Tracing.Etl;
using Tracing.Host;
using Tracing.Host.Kernel;

namespace Tracing.Driver.Tests.Session;

public class TraceSessionTests
{
    /// <summary>An 80-byte header and 32 bytes of payload.</summary>
    private const int RecordSize = 112;

    private const int Payload = 32;

    /// <summary>What a buffer of 1 KiB takes after its header of 72 bytes: 952 / 112.</summary>
    private const int RecordsPerBuffer = 8;

    [Fact]
    public void What_is_written_is_read_back_with_its_fields()
    {
        using RecordedSession recorded = new(new SessionSettings());
        Assert.True(recorded.Write(11, Payload, thread: 24));
        SessionTotals totals = recorded.Session.Stop();

        Assert.Equal(new SessionTotals(1, 1, 0, 1, 0, 65536), totals);
        using EtlFile file = recorded.Open();
        EtlHeader header = file.Header;
        Assert.Equal(
            ("KMutex Host", "test.etl", 10, 10_000_000L), (header.LoggerName, header.LogFileName, header.OsMajorVersion, header.PerfFrequency));
        Assert.Equal(ProcessorImports.Count, file.Header.ProcessorCount);
        int seen = 0;
        foreach (EtlRecord record in file.ReadInTimeOrder())
        {
            if (record.Kind == EtlRecordKind.Event)
            {
                seen++;
                Assert.Equal(RecordedSession.Provider, record.ProviderId);
                Assert.Equal((11, 4, 1ul, 24, 4), (record.Id, record.Level, record.Keyword, record.ThreadId, record.ProcessId));
                Assert.Equal(Payload, record.Payload.Length);
                Assert.True(record.Time >= file.Clock.StartTicks);
            }
        }

        Assert.Equal(1, seen);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 3)]
    [InlineData(2, 4)]
    public void Events_are_lost_when_the_disk_does_not_keep_up_and_the_count_is_exact(int threads, int buffers)
    {
        GatedStream? gate = null;
        using RecordedSession recorded = new(
            new SessionSettings { BufferSizeKilobytes = 1, MaximumBuffers = buffers }, inner => gate = new GatedStream(inner));
        gate!.CloseGate();
        const int each = 1000;
        long kept = 0;
        Thread[] writers = [.. Enumerable.Range(0, threads).Select(_ => new Thread(() =>
        {
            for (int i = 0; i < each; i++)
            {
                if (recorded.Write(1, Payload))
                {
                    Interlocked.Increment(ref kept);
                }
            }
        }))];
        Array.ForEach(writers, writer => writer.Start());
        Array.ForEach(writers, writer => writer.Join());
        gate.OpenGate();
        SessionTotals totals = recorded.Session.Stop();

        Assert.Equal(threads * each, totals.EventsAttempted);
        Assert.Equal(kept, totals.EventsWritten);
        Assert.Equal(totals.EventsAttempted - kept, totals.EventsLost);
        Assert.InRange(kept, 1, (long)buffers * RecordsPerBuffer);
        using EtlFile file = recorded.Open();
        Assert.Equal((uint)totals.EventsLost, file.Header.EventsLost);
        Assert.Equal(kept, CountEvents(file));
    }

    [Fact]
    public void Losses_end_when_buffers_come_back()
    {
        GatedStream? gate = null;
        using RecordedSession recorded = new(
            new SessionSettings { BufferSizeKilobytes = 1, MaximumBuffers = 64 }, inner => gate = new GatedStream(inner));
        gate!.CloseGate();
        for (int i = 0; i < 64 * RecordsPerBuffer * 2; i++)
        {
            recorded.Write(1, Payload);
        }

        gate.OpenGate();
        KernelFixture.Until(() => recorded.Write(2, Payload), "a buffer is free again");
        SessionTotals totals = recorded.Session.Stop();

        using EtlFile file = recorded.Open();
        Assert.Equal(totals.EventsWritten, CountEvents(file));
        Assert.Equal(totals.EventsAttempted, totals.EventsWritten + totals.EventsLost);
        Assert.True(totals.EventsLost >= 64 * RecordsPerBuffer);
    }

    [Theory]
    [InlineData(952 - 80, true)] // fills a buffer of 1 KiB to the last byte
    [InlineData(952 - 80 + 1, false)]
    [InlineData(70_000, false)] // beyond what a record's 16-bit size can say
    public void An_event_that_fits_no_buffer_is_lost(int payload, bool kept)
    {
        using RecordedSession recorded = new(new SessionSettings { BufferSizeKilobytes = 1 });
        Assert.True(recorded.Write(1, 0));
        Assert.Equal(kept, recorded.Write(2, payload));
        Assert.True(recorded.Write(3, 0));
        SessionTotals totals = recorded.Session.Stop();
        Assert.Equal((3, kept ? 3 : 2, kept ? 0 : 1), (totals.EventsAttempted, totals.EventsWritten, totals.EventsLost));
    }

    [Fact]
    public void Each_processor_stream_is_in_order_and_so_is_the_merged_one()
    {
        using RecordedSession recorded = new(new SessionSettings { BufferSizeKilobytes = 1, MaximumBuffers = 4096 });
        Thread[] writers = [.. Enumerable.Range(0, 4).Select(number => new Thread(() =>
        {
            for (int i = 0; i < 5000; i++)
            {
                recorded.Write((ushort)number, Payload);
            }
        }))];
        Array.ForEach(writers, writer => writer.Start());
        Array.ForEach(writers, writer => writer.Join());
        SessionTotals totals = recorded.Session.Stop();

        using EtlFile file = recorded.Open();
        long last = 0;
        long events = 0;
        foreach (EtlRecord record in file.ReadInTimeOrder())
        {
            Assert.True(record.Time >= last, $"{record.Time} after {last} at offset 0x{record.Offset:X}");
            last = record.Time;
            events += record.Kind == EtlRecordKind.Event ? 1 : 0;
        }

        Assert.Equal(totals.EventsWritten, events);
        Assert.Equal((20_000, 0), (totals.EventsAttempted, totals.EventsLost));
        Assert.Empty(file.Oddities);
    }

    [Fact]
    public void A_disk_that_fails_is_an_error_that_says_so()
    {
        GatedStream? gate = null;
        using RecordedSession recorded = new(new SessionSettings(), inner => gate = new GatedStream(inner));
        gate!.Broken = true;
        recorded.Write(1, Payload);
        IOException error = Assert.Throws<IOException>(recorded.Session.Stop);
        Assert.Contains("No space left on device", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Session level, any, all; event level, keyword. Source: EnableTraceEx2 documentation.</summary>
    [Theory]
    [InlineData(5, 0x3F, 0, 5, 0x04, true)]
    [InlineData(4, 0x3F, 0, 5, 0x04, false)]
    [InlineData(0, 0x3F, 0, 5, 0x04, true)]
    [InlineData(4, 0x02, 0, 4, 0x04, false)]
    [InlineData(4, 0x02, 0, 4, 0x06, true)]
    [InlineData(4, 0x06, 0x06, 4, 0x02, false)]
    [InlineData(4, 0x06, 0x06, 4, 0x0E, true)]
    [InlineData(4, 0, 0, 4, 0x8000, true)]
    [InlineData(4, 0x01, 0, 4, 0, true)]
    [InlineData(4, 0x01, 0, 0, 0x01, true)]
    public void Events_pass_by_level_and_keyword(byte level, ulong any, ulong all, byte eventLevel, ulong keyword, bool passes)
    {
        using RecordedSession recorded = new(new SessionSettings { Level = level, Keywords = any, MatchAllKeywords = all });
        Assert.Equal(passes, recorded.Session.Accepts(eventLevel, keyword));
    }

    [Theory]
    [InlineData(0, 8)]
    [InlineData(1025, 8)]
    [InlineData(64, 0)]
    [InlineData(64, 16385)]
    public void Settings_outside_their_bounds_are_refused(int kilobytes, int buffers) =>
        Assert.Throws<ArgumentOutOfRangeException>(
            () => new SessionSettings { BufferSizeKilobytes = kilobytes, MaximumBuffers = buffers });

    private static long CountEvents(EtlFile file)
    {
        long count = 0;
        foreach (EtlRecord record in file.ReadInTimeOrder())
        {
            if (record.Kind == EtlRecordKind.Event)
            {
                Assert.Equal(RecordSize, record.Bytes.Length);
                count++;
            }
        }

        return count;
    }
}
