using CsCheck;
using Tracing.Analysis.Reading;
using Tracing.Analyzer.Tests.Files;
using Tracing.Etl;
using Tracing.Reports.Model;

namespace Tracing.Analyzer.Tests;

/// <summary>What each class of mutexes did over time.</summary>
public sealed class ActivityTests
{
    private const long T = TraceBuilder.StartTicks;
    private const long NsPerTick = 100;

    // Blocks begin with a width of 256 ticks; 128 of them reach 32,768 ticks far.
    [Fact]
    public void An_acquire_counts_where_the_mutex_was_acquired_a_hold_where_it_ended_and_waiting_is_spread()
    {
        LockActivity activity = Read(new TraceBuilder()
            .Allocated(T + 10, mutex: 1, label: "Queue")
            .Acquired(T + 100, 11, mutex: 1, sequence: 1, acquiredAt: T + 100)
            .Released(T + 700, 11, mutex: 1, sequence: 1, acquiredAt: T + 100, releasedAt: T + 700)
            .Acquired(T + 701, 12, mutex: 1, sequence: 2, acquiredAt: T + 701, requestedAt: T + 90)
            .Released(T + 800, 12, mutex: 1, sequence: 2, acquiredAt: T + 701, releasedAt: T + 800)).Activity!;

        ActivityClass queue = Assert.Single(activity.Classes);
        Assert.Equal(("Queue", 100 * NsPerTick, 256 * NsPerTick, 3), (queue.Name, activity.StartNs, activity.BlockNs, activity.Blocks));
        Assert.Equal(
            [
                new ActivityBlock(1, 0, 0, 0, 0, 0, 256 * NsPerTick), new ActivityBlock(0, 0, 0, 0, 0, 0, 256 * NsPerTick),
                new ActivityBlock(1, 1, 1, 611 * NsPerTick, 2, 699 * NsPerTick, 89 * NsPerTick),
            ],
            queue.Blocks);
    }

    [Fact]
    public void However_long_the_recording_there_are_no_more_than_128_blocks_and_nothing_is_lost() => Plans.Sample(plan =>
    {
        var trace = new TraceBuilder();
        long at = T + 10;
        var sequences = new Dictionary<ulong, ulong>();
        foreach ((ulong mutex, int gap) in plan)
        {
            ulong sequence = sequences[mutex] = sequences.GetValueOrDefault(mutex) + 1;
            at += gap;
            trace.Acquired(at, 11, mutex, sequence, (ulong)at, requestedAt: gap % 3 == 0 ? (ulong)(at - 5) : null);
            at += 1 + (gap % 7);
            trace.Released(at, 11, mutex, sequence, (ulong)(at - 1 - (gap % 7)), (ulong)at);
        }

        LockReport report = Read(trace);

        LockActivity activity = report.Activity!;
        Assert.InRange(activity.Blocks, 1, 128);
        long span = ((at - T) * NsPerTick) - activity.StartNs;
        Assert.InRange(span / activity.BlockNs, activity.Blocks - 1, activity.Blocks - 1);
        Assert.True(activity.Blocks >= 64 || activity.BlockNs == 256 * NsPerTick);
        ActivityBlock[] all = [.. activity.Classes.SelectMany(one => one.Blocks)];
        Assert.All(activity.Classes, one => Assert.Equal(activity.Blocks, one.Blocks.Count));
        Assert.Equal(report.Mutexes.Sum(mutex => mutex.Acquires), all.Sum(block => block.Acquires));
        Assert.Equal(report.Mutexes.Sum(mutex => mutex.Contended), all.Sum(block => block.Contended));
        Assert.Equal(report.Mutexes.Sum(mutex => mutex.Wait.TotalNs), all.Sum(block => block.WaitNs));
        Assert.Equal(report.Mutexes.Sum(mutex => mutex.Wait.TotalNs), all.Sum(block => block.WaitingNs));
        Assert.Equal(report.Mutexes.Sum(mutex => mutex.Hold.Count), all.Sum(block => block.Holds));
        Assert.Equal(report.Mutexes.Sum(mutex => mutex.Hold.TotalNs), all.Sum(block => block.HoldNs));
    });

    [Fact]
    public void A_mutex_is_of_its_class_from_the_start_though_a_rundown_describes_it_later()
    {
        LockActivity activity = Read(new TraceBuilder()
            .Acquired(T + 100, 11, mutex: 1, sequence: 7, acquiredAt: T + 100)
            .Allocated(T + 300, mutex: 1, label: "Queue")
            .Acquired(T + 600, 11, mutex: 1, sequence: 8, acquiredAt: T + 600)).Activity!;

        Assert.Equal([1L, 1], Assert.Single(activity.Classes).Blocks.Select(block => block.Acquires));
    }

    [Fact]
    public void It_is_collected_only_when_asked_for()
    {
        using EtlFile file = EtlFile.Open(new TraceBuilder().Started(T + 1).Build(), "t.etl");

        Assert.Null(TraceReader.Read(file, TestContext.Current.CancellationToken).Activity);
    }

    private static readonly Gen<(ulong Mutex, int Gap)[]> Plans =
        Gen.Select(Gen.ULong[1, 4], Gen.Frequency((5, Gen.Int[1, 300]), (1, Gen.Int[1, 200_000]))).Array[1, 200];

    private static LockReport Read(TraceBuilder trace)
    {
        using EtlFile file = EtlFile.Open(trace.Build(), "t.etl");
        return TraceReader.Read(file, new ReadingOptions { Activity = true }, null, TestContext.Current.CancellationToken);
    }
}
