using CsCheck;
using Tracing.Reports.Model;

namespace Tracing.Reports.Tests;

/// <summary>Timelines to show: one of two threads at one mutex, and one as large as they come.</summary>
internal static class Timelines
{
    /// <summary>Thread 8 holds a queue twice, thread 12 waits for it and holds it in between; a second mutex is held only.</summary>
    public static Timeline TwoThreads { get; } = Make("DeviceQueue");

    /// <summary>The same with any name.</summary>
    public static Timeline Named(string name) => Make(name);

    /// <summary>
    /// As large as the analysis makes them: 40 mutexes and 24 threads with 1,024 bins for each kind, 45,000 intervals one by one, of a million in all, and a thousand with a call stack.
    /// </summary>
    public static Timeline Million { get; } = MakeMillion();

    /// <summary>Any timeline of one mutex and one thread.</summary>
    public static Gen<Timeline> Any(Gen<string> names) =>
        from name in names
        from thread in Gen.Int
        from id in Gen.ULong
        from intervals in Gen.Select(Gen.Long[0, 1_000_000_000], Gen.Long[0, long.MaxValue / 2], Gen.Enum<IntervalEnding>()).Array[0, 5]
        from bins in Gen.Select(Gen.Long[0, 1000], Gen.Double[0, 1e12]).Array[0, 3]
        let track = new TimelineTrack(
            intervals.Length, 1, [.. intervals.Select(one => new TimelineInterval(one.Item1, one.Item2, id, name, thread, new SourceSite(name, 1, name), one.Item3))],
            [.. bins.Select((bin, i) => new TimelineBin(i * 7, bin.Item1, bin.Item2))])
        select new Timeline
        {
            LengthNs = 1_000_000_000,
            BinNs = 1e6,
            Mutexes = [new TimelineLane { Id = id, Name = name, Holds = track, Waits = track }],
            Threads = [new TimelineLane { Id = (uint)thread, Name = $"thread {thread}", Holds = track, Waits = track }],
            Intervals = 10,
        };

    /// <summary>The timeline of two threads, where the wait of thread 12 and the first hold of thread 8 were recorded with a stack, and twice as many frames as are shown.</summary>
    public static Timeline WithStacks(string frame)
    {
        Timeline two = TwoThreads;
        return two with
        {
            StacksRecorded = 7,
            Mutexes = [two.Mutexes[0] with { Holds = Stacked(two.Mutexes[0].Holds, "Release"), Waits = Stacked(two.Mutexes[0].Waits, "Acquire") }, two.Mutexes[1]],
        };

        TimelineTrack Stacked(TimelineTrack track, string last) => track with
        {
            Kept = [track.Kept[0] with { Stack = [$"kmutex!{last}+0x10", .. Enumerable.Repeat(frame, 63)] }, .. track.Kept.Skip(1)],
        };
    }

    private static Timeline Make(string name)
    {
        var push = new SourceSite("Queue.cs", 118, "Push");
        var pop = new SourceSite("Queue.cs", 140, "Pop");
        TimelineInterval[] holds =
        [
            new(100_000, 300_000, 1, name, 8, push, IntervalEnding.Whole), new(410_000, 100_000, 1, name, 12, pop, IntervalEnding.Whole),
            new(900_000, 100_000, 1, name, 8, push, IntervalEnding.OpenAtEnd),
        ];
        TimelineInterval[] waits = [new(200_000, 210_000, 1, name, 12, pop, IntervalEnding.Whole)];
        TimelineInterval[] other = [new(600_000, 50_000, 2, "Other", 12, pop, IntervalEnding.Whole)];
        return new Timeline
        {
            LengthNs = 1_000_000,
            Intervals = 5,
            Mutexes =
            [
                new TimelineLane { Id = 1, Name = name, Holds = Track(holds), Waits = Track(waits) },
                new TimelineLane { Id = 2, Name = "Other", Holds = Track(other), Waits = Track([]) },
            ],
            Threads =
            [
                new TimelineLane { Id = 12, Name = "thread 12", Holds = Track([holds[1], .. other]), Waits = Track(waits) },
                new TimelineLane { Id = 8, Name = "thread 8", Holds = Track([holds[0], holds[2]]), Waits = Track([]) },
            ],
        };
    }

    private static TimelineTrack Track(TimelineInterval[] kept) => new(kept.Length, kept.Sum(interval => interval.LengthNs), kept, []);

    private static Timeline MakeMillion()
    {
        const long Length = 10_000_000_000;
        TimelineBin[] bins = [.. Enumerable.Range(0, 1024).Select(i => new TimelineBin(i, 12_345, 7_654_321 + i))];
        return new Timeline
        {
            LengthNs = Length,
            BinNs = Length / 1000.0,
            Intervals = 1_000_000,
            StacksRecorded = 1_000_000,
            Mutexes = [.. Enumerable.Range(1, 40).Select(mutex => Lane((ulong)mutex, $"Mutex number {mutex}", 450, i => ((ulong)mutex, 4 * (i % 24))))],
            Threads = [.. Enumerable.Range(0, 24).Select(thread => Lane((ulong)(4 * thread), $"thread {4 * thread}", 187, i => (1 + ((ulong)i % 40), 4 * thread)))],
        };

        TimelineLane Lane(ulong id, string name, int count, Func<int, (ulong Mutex, int Thread)> who) => new()
        {
            Id = id,
            Name = name,
            Holds = Busy(id, 0, count, who),
            Waits = Busy(id, 1, count, who),
        };

        static IReadOnlyList<string> Stack(int seed) => [.. Enumerable.Range(0, 64).Select(i => $"kmutex!Tracing.Driver.Locks.Mutex.Acquire{37 * seed * i % 2000}+0x1f")];

        TimelineTrack Busy(ulong id, int kind, int count, Func<int, (ulong Mutex, int Thread)> who) => new(12_345 * 1024, 7_000_000_000,
            [.. Enumerable.Range(0, count).Select(i => new TimelineInterval(
                (Length / count * i) + ((long)id * 1117) + kind, 3_333_333 + i, who(i).Mutex, $"Mutex number {who(i).Mutex}", who(i).Thread,
                new SourceSite("Queue.cs", 100 + (i % 50), "Push"), IntervalEnding.Whole, i < 8 ? Stack((int)id + i) : null))],
            bins);
    }
}
