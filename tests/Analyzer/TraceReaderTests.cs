using CsCheck;
using Tracing.Analysis.Reading;
using Tracing.Analyzer.Tests.Files;
using Tracing.Etl;
using Tracing.Reports.Model;

namespace Tracing.Analyzer.Tests;

/// <summary>From the bytes of a file to its report.</summary>
public sealed class TraceReaderTests
{
    private const long T = TraceBuilder.StartTicks;

    private static TraceBuilder Whole => new TraceBuilder()
        .Started(T + 10)
        .Site(T + 20, site: 7, line: 118, file: "/src/Queue.cs", member: "Open")
        .Allocated(T + 30, mutex: 1, label: "DeviceQueue", site: 7)
        .Acquired(T + 100, thread: 11, mutex: 1, sequence: 1, acquiredAt: T + 99)
        .Blocked(T + 120, thread: 12, mutex: 1, requestedAt: T + 119)
        .Released(T + 205, thread: 11, mutex: 1, sequence: 1, acquiredAt: T + 99, releasedAt: T + 200)
        .Acquired(T + 203, thread: 12, mutex: 1, sequence: 2, acquiredAt: T + 201, requestedAt: T + 119)
        .Acquired(T + 210, thread: 12, mutex: 1, sequence: 3, acquiredAt: T + 209, depth: 2)
        .Released(T + 215, thread: 12, mutex: 1, sequence: 3, acquiredAt: T + 201, releasedAt: T + 214, depth: 2)
        .Released(T + 260, thread: 12, mutex: 1, sequence: 2, acquiredAt: T + 201, releasedAt: T + 251)
        .Rejected(T + 300, thread: 12, mutex: 1, operation: 2, irql: 2, maximum: 1, site: 7)
        .Stopped(T + 400, live: 1, bytes: 128);

    [Fact]
    public void A_file_with_every_event_of_a_lock_gives_the_report_computed_by_hand()
    {
        LockReport report = Read(Whole.Build());

        Assert.Equal(12, report.Trace.DriverEventsRead);
        Assert.Equal(13, report.Trace.EventsRead);
        Assert.Equal("10.0.22621", report.Trace.OsBuild);
        Assert.Equal(40_000, report.Trace.DurationNs);
        Assert.Equal(TrustGrade.A, report.Trace.Grade);
        Assert.Empty(report.Oddities);

        MutexRow mutex = Assert.Single(report.Mutexes);
        Assert.Equal("DeviceQueue", mutex.Label);
        Assert.Equal("KMutex", mutex.Kind);
        Assert.Equal(0xFFFF_8000_0000_2000, mutex.Address);
        Assert.Equal(new SourceSite("/src/Queue.cs", 118, "Open"), mutex.Site);
        Assert.Equal(3, mutex.Acquires);
        Assert.Equal(1, mutex.Contended);
        Assert.Equal(8_200, mutex.Wait.TotalNs);
        Assert.Equal(2, mutex.Hold.Count);
        Assert.Equal(10_100 + 5_000, mutex.Hold.TotalNs);
        Assert.Equal(10_100, mutex.Hold.MaxNs);
        Assert.Equal(2, mutex.DeepestRecursion);
        Assert.Equal(1, mutex.IrqlRejections);
        Assert.Equal("Lock", Assert.Single(report.IrqlRejections).Operation);
        Assert.Equal(LiveClass.Leaked, Assert.Single(report.LiveMutexes).Class);
    }

    [Fact]
    public void The_same_file_gives_the_same_report_in_many_buffers()
    {
        TraceBuilder trace = Whole;
        for (int i = 0; i < 1000; i++)
        {
            long at = T + 310 + i;
            trace.Acquired(at, 13, 2, (ulong)(i + 1), (ulong)at).Released(at, 13, 2, (ulong)(i + 1), (ulong)at, (ulong)at);
        }

        LockReport report = Read(trace.Build());
        Assert.Equal(1000, report.Mutexes[1].Acquires);
        Assert.Equal(1000, report.Mutexes[1].Hold.Count);
        Assert.Equal(0, report.Mutexes[1].SequenceGaps);
    }

    [Fact]
    public void Payloads_cut_short_are_counted_and_left_out()
    {
        TraceBuilder trace = Whole;
        for (ushort id = 1; id <= 40; id++)
        {
            trace.Add(id, T + 350, 5, payload => payload.U8(1));
        }

        LockReport report = Read(trace.Build());

        // Seventeen ids are known; one of them (failed allocation) is only counted, and not read.
        Assert.Equal(17, Count(report, "payload-malformed"));
        Assert.Equal(40 - 17, Count(report, "event-unknown"));
        Assert.Equal(3, report.Mutexes[0].Acquires);
        Assert.Equal(TrustGrade.D, report.Trace.Grade);
    }

    [Fact]
    public void A_newer_version_is_read_as_far_as_it_is_known()
    {
        byte[] file = new TraceBuilder()
            .Add(11, T + 10, 1, payload => payload.U64(1).U64(1).U16(1).U8(0).U64(T + 9).U64(T + 9).U32(0).U64(0xDEAD), version: 9)
            .Build();

        LockReport report = Read(file);
        Assert.Equal(1, Assert.Single(report.Mutexes).Acquires);
        Assert.Equal(1, Count(report, "event-newer-version"));
    }

    [Fact]
    public void Payloads_of_any_bytes_are_survived_and_accounted_for() =>
        Gen.Select(Gen.UShort[0, 45], Gen.Byte.Array[0, 200]).Array[1, 40].Sample(
            events =>
            {
                var trace = new TraceBuilder();
                long time = T;
                foreach ((ushort id, byte[] payload) in events)
                {
                    trace.Add(id, ++time, 3, bytes => bytes.Put(payload));
                }

                LockReport report = Read(trace.Build());
                Assert.Equal(events.Length, report.Trace.DriverEventsRead);
                Assert.All(report.Mutexes, mutex => Assert.InRange(mutex.Wait.TotalNs, 0, report.Trace.DurationNs));
                Assert.All(report.Mutexes, mutex => Assert.InRange(mutex.Hold.TotalNs, 0, report.Trace.DurationNs));
            },
            iter: 2000);

    [Fact]
    public void A_file_without_the_driver_lists_the_providers_that_are_there()
    {
        var other = new Guid("11111111-2222-3333-4444-555555555555");
        byte[] file = new TraceBuilder().Add(11, T + 10, 1, payload => payload.U64(1), provider: other).Build();

        LockReport report = Read(file);
        Assert.Equal(0, report.Trace.DriverEventsRead);
        Assert.Empty(report.Mutexes);
        Assert.Contains(new ProviderCount(other, "", 1), report.OtherProviders);
    }

    [Fact]
    public void Losses_in_the_header_and_a_session_never_closed_lower_the_grade()
    {
        LockReport lossy = Read(Built(new TraceBuilder { EventsLost = 5 }));
        LockReport open = Read(Built(new TraceBuilder { Close = false }));

        Assert.Equal(5, lossy.Trace.EventsLost);
        Assert.Equal(TrustGrade.C, lossy.Trace.Grade);
        Assert.Null(open.Trace.EndUtc);
        Assert.Equal(TrustGrade.C, open.Trace.Grade);
        Assert.Equal(1, open.Mutexes[0].Hold.Unknown);

        static byte[] Built(TraceBuilder trace) => trace.Acquired(T + 10, 1, 1, 1, T + 10).Build();
    }

    [Fact]
    public void A_truncated_file_is_reported_as_far_as_it_goes()
    {
        TraceBuilder trace = Whole;
        for (int i = 0; i < 200; i++)
        {
            trace.Acquired(T + 310 + i, 13, 2, (ulong)(i + 1), (ulong)(T + 310 + i));
        }

        byte[] file = trace.Build();
        LockReport report = Read(file[..^5000]);

        Assert.Equal(1, report.Mutexes[0].Contended);
        Assert.InRange(report.Mutexes[1].Acquires, 1, 199);
        Assert.Equal(TrustGrade.C, report.Trace.Grade);
        Assert.Contains(report.Oddities, oddity => oddity.Kind == "file-truncated-buffer");
    }

    [Fact]
    public void A_session_on_another_clock_is_reported_by_the_drivers_own_times()
    {
        // Header times are FILETIME; the payload counts QPC ticks of 100 ns from another origin.
        const long Now = 133_000_000_000_000_000;
        byte[] file = new TraceBuilder { Header = header => header with { ClockType = EtlClockType.SystemTime, StartTicks = Now } }
            .Acquired(Now + 100, 1, 1, 1, 5_000)
            .Released(Now + 200, 1, 1, 1, 5_000, 5_070)
            .Build();

        LockReport report = Read(file);
        Assert.Equal(7_000, Assert.Single(report.Mutexes).Hold.TotalNs);
        Assert.Equal(1, Count(report, "clock-not-qpc"));
    }

    [Fact]
    public void A_cancelled_reading_stops()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        TraceBuilder other = new TraceBuilder().Add(1, T + 1, 1, payload => payload.U8(0), provider: new Guid("11111111-2222-3333-4444-555555555555"));
        using var file = EtlFile.Open(other.Build(), "other.etl");

        Assert.Throws<OperationCanceledException>(() => TraceReader.Read(file, cancelled.Token));
    }

    private static long Count(LockReport report, string oddity) => report.Oddities.Single(one => one.Kind == oddity).Count;

    private static LockReport Read(byte[] content)
    {
        using var file = EtlFile.Open(content, "test.etl");
        return TraceReader.Read(file, TestContext.Current.CancellationToken);
    }
}
