using System.Text;
using Tracing.Analysis.Reading;
using Tracing.Analyzer.Tests.Files;
using Tracing.Etl;
using Tracing.Etl.Kernel;
using Tracing.Etl.Tests;
using Tracing.Events;
using Tracing.Reports.Model;

namespace Tracing.Analyzer.Tests;

/// <summary>The call stacks of the slowest waits and holds, where events were recorded with them.</summary>
public sealed class StackTests
{
    private const long T = TraceBuilder.StartTicks;
    private const ulong Base = 0xFFFF_F800_1000_0000;

    [Fact]
    public void The_five_slowest_of_each_kind_are_kept_with_their_frames()
    {
        TraceBuilder trace = new TraceBuilder().Started(T + 1).Allocated(T + 2, mutex: 1, label: "Queue").Record(T + 3, Image());
        for (int i = 1; i <= 8; i++)
        {
            long at = T + (1000 * i);
            trace.Record(at + i, Acquired(at + i, (ulong)i, requestedAt: at, acquiredAt: at + i, Base + (uint)i, 0x1234));
            trace.Record(at + 90, Released(at + 90, (ulong)i, acquiredAt: at + i, releasedAt: at + 80, Base + 0x100));
        }

        IReadOnlyList<StackRow> stacks = Read(trace).Stacks;

        Assert.Equal([800, 700, 600, 500, 400], stacks.Where(row => row.Kind == StackKind.Wait).Select(row => row.Ns));
        Assert.Equal([7900, 7800, 7700, 7600, 7500], stacks.Where(row => row.Kind == StackKind.Hold).Select(row => row.Ns));
        Assert.Equal(["kmutex+0x8", "0x1234"], stacks[0].Frames);
        Assert.Equal(("Queue", 11), (stacks[0].Mutex, stacks[0].ThreadId));
    }

    [Fact]
    public void In_the_timeline_the_five_hundred_slowest_of_each_kind_keep_their_stacks()
    {
        TraceBuilder trace = new TraceBuilder().Started(T + 1).Allocated(T + 2, mutex: 1, label: "Queue").Record(T + 3, Image());
        for (int i = 1; i <= 600; i++)
        {
            long at = T + (1000 * i);
            trace.Record(at + i, Acquired(at + i, (ulong)i, requestedAt: at, acquiredAt: at + i, Base + (uint)i));
            trace.Record(at + 900, Released(at + 900, (ulong)i, acquiredAt: at + i, releasedAt: at + 900, Base + 0x100));
        }

        LockReport report = Read(trace, new ReadingOptions { Timeline = true });
        Timeline timeline = report.Timeline!;
        TimelineLane mutex = timeline.Mutexes.Single();

        Assert.Equal(5, report.Stacks.Count(row => row.Kind == StackKind.Hold));
        Assert.Equal(1200, timeline.StacksRecorded);
        Assert.All(mutex.Waits.Kept, wait => Assert.Equal(wait.LengthNs > 10_000 ? [$"kmutex+0x{wait.LengthNs / 100:x}"] : null, wait.Stack));
        Assert.All(mutex.Holds.Kept, hold => Assert.Equal(hold.LengthNs >= 40_000 ? ["kmutex+0x100"] : null, hold.Stack));
        Assert.Equal(mutex.Waits.Kept, timeline.Threads.Single().Waits.Kept);
    }

    [Fact]
    public void Without_stacks_there_are_none() =>
        Assert.Empty(Read(new TraceBuilder().Started(T + 1).Acquired(T + 100, 12, 1, 1, acquiredAt: T + 99, requestedAt: T + 50)).Stacks);

    [Fact]
    public void Times_that_cannot_be_true_are_no_slow_wait() =>
        Assert.Empty(Read(new TraceBuilder().Started(T + 1)
            .Record(T + 10, Acquired(T + 10, 1, requestedAt: T + 9, acquiredAt: T + 8, Base))
            .Record(T + 11, Acquired(T + 11, 2, requestedAt: 5, acquiredAt: T + 8, Base))
            .Record(T + 12, Acquired(T + 12, 3, requestedAt: T + 9, acquiredAt: long.MaxValue, Base))).Stacks);

    private static LockReport Read(TraceBuilder trace, ReadingOptions? options = null)
    {
        using EtlFile file = EtlFile.Open(trace.Build(), "test.etl");
        return TraceReader.Read(file, options ?? ReadingOptions.Default, null, TestContext.Current.CancellationToken);
    }

    private static byte[] Acquired(long time, ulong sequence, long requestedAt, long acquiredAt, params ulong[] frames) => RecordBytes.Event(
        time, KMutexProvider.Id, 12, [.. U64(1), .. U64(sequence), 1, 0, 0, .. U64((ulong)requestedAt), .. U64((ulong)acquiredAt), 0, 0, 0, 0], Stack(frames), thread: 11);

    private static byte[] Released(long time, ulong sequence, long acquiredAt, long releasedAt, params ulong[] frames) => RecordBytes.Event(
        time, KMutexProvider.Id, 14, [.. U64(1), .. U64(sequence), 1, 0, .. U64((ulong)acquiredAt), .. U64((ulong)releasedAt), 0, 0, 0, 0, 0, 0, 0, 0], Stack(frames), thread: 11);

    private static byte[] Stack(ulong[] frames) => RecordBytes.Items((6, [.. new byte[8], .. frames.SelectMany(U64)]));

    // Version 2, 64-bit: base, size, process, checksum, time stamp, 4 bytes, address, 16 bytes, name.
    private static byte[] Image() => RecordBytes.System(
        T, KernelHook.ImageRundownStart, [.. U64(Base), .. U64(0x1000), .. new byte[40], .. Encoding.Unicode.GetBytes("\\drivers\\kmutex.sys\0")]);

    private static byte[] U64(ulong value) => BitConverter.GetBytes(value);
}
