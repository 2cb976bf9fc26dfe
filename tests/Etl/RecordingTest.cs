using CsCheck;

namespace Tracing.Etl.Tests;

/// <summary>Several files of one recording, and several sessions in one file, read as one on one clock.</summary>
public sealed class RecordingTest
{
    [Fact]
    public void Sessions_of_one_boot_keep_their_ticks_and_merge_by_time()
    {
        // The second session began 50 ticks (5 microseconds) later on the same counter.
        EtlHeader later = Traces.Header with { StartTicks = Traces.StartTicks + 50, StartTime = Traces.Header.StartTime + 50, LoggerName = "the kernel's" };
        using EtlRecording recording = EtlRecording.Of([Traces.Open(Trace(Traces.Header, 10, 70, 90)), Traces.Open(Trace(later, 60, 70, 80))]);

        Assert.Equal([0, 50, 10, 60, 70, 70, 80, 90], Read(recording).Select(record => record.Time - Traces.StartTicks));
        Assert.Equal([0, 1, 0, 1, 0, 1, 1, 0], Read(recording).Select(record => record.File));
        Assert.Equal(8, recording.TakeCensus(TestContext.Current.CancellationToken).Records);
        Assert.Equal(Traces.Header.StartTicks, recording.Header.StartTicks);
    }

    [Fact]
    public void Sessions_of_different_boots_are_related_by_absolute_time()
    {
        // An hour later, after a reboot, on a counter of 3 MHz that began anew: 30 of its ticks are 100 of the first.
        EtlHeader later = Traces.Header with
        {
            StartTicks = 500,
            PerfFrequency = 3_000_000,
            StartTime = Traces.Header.StartTime + (3600L * 10_000_000),
            BootTime = Traces.Header.BootTime + (3500L * 10_000_000),
        };
        using EtlRecording recording = EtlRecording.Of([Traces.Open(Traces.Write([(0, 1, Records(500 + 30, 500 + 60))], later)), Traces.Open(Trace(Traces.Header, 10))]);

        const long hour = 3600L * 10_000_000;
        Assert.Equal([hour, 0, 10, hour + 100, hour + 200], Read(recording).Select(record => record.Time - Traces.StartTicks));
        Assert.Equal(recording.Files[1].Clock, recording.Clock);
        Assert.Equal(later.StartTime + 200, recording.Clock.ToUtc(Read(recording)[^1].Time).ToFileTimeUtc());
    }

    [Fact]
    public void A_filter_speaks_of_the_recordings_clock()
    {
        EtlHeader later = Traces.Header with { StartTicks = 0, StartTime = Traces.Header.StartTime + 1000, BootTime = Traces.Header.BootTime + 100_000_000_000 };
        using EtlRecording recording = EtlRecording.Of([Traces.Open(Trace(Traces.Header, 10, 2000)), Traces.Open(Traces.Write([(0, 1, Records(5)), (0, 2, Records(900)), (0, 3, Records(1500))], later))]);
        EtlFilter filter = new() { From = Traces.StartTicks + 1500, Until = Traces.StartTicks + 2500 };

        Assert.Equal([1900, 2000], Read(recording, filter).Select(record => record.Time - Traces.StartTicks));
        Assert.Equal(2, recording.TakeCensus(filter, cancellation: TestContext.Current.CancellationToken).Records);
    }

    [Fact]
    public void Files_cut_from_one_stream_give_the_stream_whatever_their_order() =>
        Gen.Select(RandomTraces.Plans, Gen.Int).Sample(
            (plan, seed) =>
            {
                // As a new-file session does: each file has a header of its own and goes on counting.
                using EtlFile whole = Traces.Open((plan with { IsTwice = false }).Write());
                var ordered = plan.Buffers.OrderBy(buffer => buffer.Sequence).ToList();
                EtlFile[] parts = [.. ordered.Chunk(2).Select(buffers => Traces.Open(Traces.Write(buffers, compress: plan.Compression == 3)))];
                new Random(seed).Shuffle(parts);
                using EtlRecording recording = EtlRecording.Of(parts);

                // Ties are broken by file first, and a message without a time has none to take over from the file before: the records are the same all the same.
                List<NaiveRecord> expected = [.. Traces.ReadAll(whole).Skip(1).Select(record => record with { Offset = 0 })];
                List<NaiveRecord> actual = [.. Traces.ReadAll(recording.ReadInTimeOrder()).Skip(parts.Length).Select(record => record with { Offset = 0 })];
                Assert.Equal(expected.Select(record => record.Payload).Order(), actual.Select(record => record.Payload).Order());
            },
            iter: 150);

    [Fact]
    public void An_appended_session_is_read_by_its_own_clock()
    {
        EtlHeader later = Traces.Header with
        {
            StartTicks = 700,
            StartTime = Traces.Header.StartTime + 10_000_000,
            BootTime = Traces.Header.BootTime + 100_000_000_000,
            LoggerName = "appended",
        };
        using EtlFile file = Traces.Open([.. Trace(Traces.Header, 10, 20), .. Traces.Write([(0, 1, Records(705))], later)]);

        Assert.Equal([0, 10_000_000, 10, 20, 10_000_005], Traces.ReadAll(file).Select(record => record.Time - Traces.StartTicks));
        Assert.Equal(["a session", "appended"], file.Sessions.Select(session => session.LoggerName));
        EtlOddity oddity = Assert.Single(file.Oddities);
        Assert.Equal((EtlOddityKind.AppendedSession, 1, 2 * Traces.BufferSize, true), (oddity.Kind, oddity.Count, oddity.FirstOffset, oddity.IsNote));
        Assert.Equal(5, file.TakeCensus(TestContext.Current.CancellationToken).Records);
    }

    [Fact]
    public void A_second_header_that_cannot_be_read_leaves_its_buffers_to_the_session_before()
    {
        byte[] second = Trace(Traces.Header, 30);
        second[72 + 6] = 0x50;
        using EtlFile file = Traces.Open([.. Trace(Traces.Header, 10, 20), .. second]);

        Assert.Equal(1, file.Oddities.CountOf(EtlOddityKind.SecondHeaderBuffer));
        Assert.Equal(5, Traces.ReadAll(file).Count);
        Assert.Single(file.Sessions);
    }

    [Fact]
    public void The_clock_of_any_two_headers_saturates_and_never_throws() =>
        Gen.Select(Headers, Headers, Gen.Long, Gen.Long).Sample((one, other, first, second) =>
        {
            using EtlFile from = Traces.Open(Traces.Write([(0, 1, Records(Math.Min(first, second), Math.Max(first, second)))], one));
            using EtlRecording recording = EtlRecording.Of([Traces.Open(Traces.Write([], other)), from]);
            List<long> times = [.. Read(recording).Skip(2).Select(record => record.Time)];
            Assert.Equal(2, times.Count);
            Assert.True(times[0] <= times[1], "Conversion keeps the order.");
        });

    [Fact]
    public void A_recording_has_a_file_and_a_broken_one_closes_the_others()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("etl-test");
        string good = Path.Combine(folder.FullName, "good.etl");
        string bad = Path.Combine(folder.FullName, "bad.etl");
        File.WriteAllBytes(good, Trace(Traces.Header, 1));
        File.WriteAllBytes(bad, [1, 2, 3]);

        Assert.Throws<ArgumentException>(() => EtlRecording.Open([]));
        Assert.Equal(bad, Assert.Throws<EtlFormatException>(() => EtlRecording.Open([good, bad])).FilePath);
        using (EtlRecording recording = EtlRecording.Open([good]))
        {
            Assert.Equal(2, Read(recording).Count);
        }

        folder.Delete(recursive: true);
    }

    private static Gen<EtlHeader> Headers => Gen.Select(Gen.Long, Gen.Long, Gen.Long, Gen.Long[1, long.MaxValue], Gen.UInt[0, 3])
        .Select((ticks, start, boot, frequency, clock) => Traces.Header with
        {
            StartTicks = ticks,
            StartTime = start,
            BootTime = boot,
            PerfFrequency = frequency,
            ClockType = (EtlClockType)clock,
        });

    private static byte[] Trace(EtlHeader header, params long[] times) => Traces.Write([(0, 1, Records([.. times.Select(time => Traces.StartTicks + time)]))], header);

    private static byte[] Records(params long[] times) => [.. times.SelectMany(time => RecordBytes.Event(time, Traces.Provider, 1, []))];

    private static List<(long Time, int File)> Read(EtlRecording recording, EtlFilter? filter = null)
    {
        List<(long, int)> records = [];
        EtlTimeline timeline = recording.ReadInTimeOrder(filter, progress: null, CancellationToken.None);
        while (timeline.MoveNext())
        {
            records.Add((timeline.Current.Time, recording.Files.ToList().IndexOf(timeline.CurrentFile)));
        }

        return records;
    }
}
