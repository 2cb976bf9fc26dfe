using System;
using System.Collections.Generic;
using System.Linq;
using Tracing.Events;

namespace Tracing.Driver.Tests;

/// <summary>The walk over the live mutexes: complete for what lives throughout, whatever comes and goes meanwhile.</summary>
[Collection(Kernel.Machine)]
public sealed unsafe class RundownTests : IDisposable
{
    private static readonly List<ulong> Visited = [];

    private readonly KMutex<ulong>[] _mutexes = new KMutex<ulong>[100];
    private readonly uint _liveBefore;

    public RundownTests()
    {
        Kernel.Restart();
        Visited.Clear();
        _liveBefore = LiveMutexes.Count;
        for (int i = 0; i < _mutexes.Length; i++)
        {
            Assert.Equal(MutexError.None, KMutex<ulong>.New(0, "Live", out _mutexes[i]));
        }
    }

    public void Dispose()
    {
        foreach (ref KMutex<ulong> mutex in _mutexes.AsSpan())
        {
            _ = mutex.Free();
        }

        Assert.Equal(_liveBefore, LiveMutexes.Count);
    }

    [Fact]
    public void A_rundown_writes_every_live_mutex_between_its_start_and_its_end()
    {
        ProviderFacts.Measure();
        KMutexEvents.Recompute(true, 4, (ulong)KMutexKeywords.Rundown, 0);
        Rundown.Write();

        uint live = LiveMutexes.Count;
        // The sites that other tests have made known are in it as well: they come right behind its start.
        int[] written = [.. Kernel.Events.Select(one => one.Id)];
        int sites = written.Count(id => id == 5);
        Assert.Equal([30, .. Enumerable.Repeat(5, sites), .. Enumerable.Repeat(31, (int)live), 32, 1], written);
        Assert.True(RundownEndedPayload.TryRead(Kernel.Events[^2].Payload, 8, 0, out RundownEndedPayload ended));
        Assert.Equal(live, ended.Written);
        Assert.Equal(Irql.Passive, Kernel.CurrentIrql);
    }

    [Fact]
    public void What_is_freed_on_the_way_is_left_out_and_what_is_born_on_the_way_too()
    {
        MutexHeader marker = default;
        uint live = LiveMutexes.BeginWalk(&marker, out ulong youngest);
        Assert.Equal(10u, LiveMutexes.Walk(&marker, youngest, 10, &Visit, null));

        // The walk stands inside what was there before this test or at its beginning: the last of these mutexes are still to come.
        Assert.Equal(MutexError.None, _mutexes[98].Free());
        Assert.Equal(MutexError.None, KMutex<ulong>.New(0, "Late", out KMutex<ulong> late));
        while (LiveMutexes.Walk(&marker, youngest, 10, &Visit, null) == 10)
        {
        }

        Assert.Equal((int)live - 1, Visited.Count);
        Assert.Equal(Visited.Order(), Visited);
        Assert.Distinct(Visited);
        Assert.All(Visited, id => Assert.InRange(id, 1ul, youngest));
        Assert.Equal(MutexError.None, late.Free());
    }

    [Fact]
    public void Two_walks_at_a_time_do_not_see_each_other()
    {
        MutexHeader first = default;
        MutexHeader second = default;
        uint live = LiveMutexes.BeginWalk(&first, out ulong youngest);
        _ = LiveMutexes.BeginWalk(&second, out _);
        Assert.Equal(10u, LiveMutexes.Walk(&second, youngest, 10, &Ignore, null));
        while (LiveMutexes.Walk(&first, youngest, 7, &Visit, null) == 7)
        {
        }

        while (LiveMutexes.Walk(&second, youngest, 10, &Ignore, null) == 10)
        {
        }

        Assert.Equal((int)live, Visited.Count);
        Assert.DoesNotContain(0ul, Visited);
    }

    private static void Visit(MutexHeader* mutex, void* context) => Visited.Add(mutex->MutexId);

    private static void Ignore(MutexHeader* mutex, void* context) => Assert.NotEqual(0ul, mutex->MutexId);
}
