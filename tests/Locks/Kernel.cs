using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;

namespace Tracing.Driver;

/// <summary>
/// The kernel as a test plays it: one thread of the host stands for all threads of the machine, and the test says which of them runs. The
/// signatures are those of the driver's imports; <see cref="Tests.KernelTests"/> holds them equal.
/// </summary>
internal static unsafe class Kernel
{
    /// <summary>The collection of the tests that use it: there is one machine, so they take turns.</summary>
    internal const string Machine = "The machine";

    private static readonly Dictionary<nint, Owner> Owners = [];
    private static readonly Dictionary<nint, nuint> Sizes = [];
    private static readonly Dictionary<nint, (uint ThreadId, byte Irql)> FastMutexes = [];

    /// <summary>What KeGetCurrentIrql answers.</summary>
    internal static byte CurrentIrql { get; set; }

    /// <summary>The thread that runs; never 0.</summary>
    internal static uint ThreadId { get; set; }

    /// <summary>Clock ticks: each read takes one.</summary>
    internal static long Ticks { get; set; }

    /// <summary>How often the clock was read.</summary>
    internal static int ClockReads { get; private set; }

    /// <summary>Whether the pool has nothing left.</summary>
    internal static bool PoolIsEmpty { get; set; }

    /// <summary>Blocks allocated and not freed.</summary>
    internal static HashSet<nint> Pool { get; } = [];

    /// <summary>What happens while the thread's id is asked for: a session may come in the middle of an acquire.</summary>
    internal static Action? WhileIdentifying { get; set; }

    /// <summary>What happens while the pool is asked: the test lets another thread run.</summary>
    internal static Action? WhileAllocating { get; set; }

    /// <summary>Whether the last wait, tries left out, was alertable, and its timeout in units of 100 ns; null for none.</summary>
    internal static (bool Alertable, long? Timeout) LastWait { get; private set; }

    /// <summary>What the next wait, tries left out, answers instead of acquiring; null to acquire.</summary>
    internal static int? NextStatus { get; set; }

    /// <summary>What happens while a thread waits: the test lets the owner run.</summary>
    internal static Action? WhileWaiting { get; set; }

    /// <summary>What was written: number and payload.</summary>
    internal static List<(int Id, byte[] Payload)> Events { get; } = [];

    /// <summary>Makes a machine fresh from the start: thread 1 at PASSIVE_LEVEL, nobody listening.</summary>
    internal static void Restart()
    {
        Owners.Clear();
        FastMutexes.Clear();
        Events.Clear();
        CurrentIrql = Irql.Passive;
        ThreadId = 1;
        Ticks = 1000;
        ClockReads = 0;
        PoolIsEmpty = false;
        NextStatus = null;
        WhileWaiting = null;
        WhileAllocating = null;
        WhileIdentifying = null;
        KMutexEvents.Recompute(false, 0, 0, 0);
    }

    /// <summary>The owner ends without releasing: the kernel marks the mutex abandoned and lets the next one have it.</summary>
    internal static void EndThread(uint threadId)
    {
        foreach (nint mutex in Owners.Where(pair => pair.Value.ThreadId == threadId).Select(pair => pair.Key).ToList())
        {
            Owners[mutex] = new Owner(0, 0, true);
        }
    }

    internal static byte KeGetCurrentIrql() => CurrentIrql;

    internal static nint PsGetCurrentThreadId()
    {
        WhileIdentifying?.Invoke();
        return (nint)ThreadId;
    }

    internal static uint KeGetCurrentProcessorNumberEx(void* number) => 3;

    internal static long KeQueryPerformanceCounter(long* frequency)
    {
        if (frequency != null)
        {
            *frequency = 10_000_000;
        }

        ClockReads++;
        return ++Ticks;
    }

    internal static void* ExAllocatePool2(ulong flags, nuint size, uint tag)
    {
        Action? meanwhile = WhileAllocating;
        WhileAllocating = null;
        meanwhile?.Invoke();
        if (PoolIsEmpty)
        {
            return null;
        }

        void* block = NativeMemory.AlignedAlloc(size, 16);
        NativeMemory.Clear(block, size);
        Pool.Add((nint)block);
        Sizes[(nint)block] = size;
        return block;
    }

    internal static void ExFreePoolWithTag(void* block, uint tag)
    {
        // The memory stays, filled with a pattern: a read after the free is seen as nonsense, not as a crash of the test.
        Assert.True(Pool.Remove((nint)block), "freed twice, or never allocated");
        NativeMemory.Fill(block, Sizes[(nint)block], 0xDD);
    }

    internal static void KeInitializeMutex(KMutexObject* mutex, uint level) => Owners[(nint)mutex] = default;

    internal static int KeReadStateMutex(KMutexObject* mutex) => Owners[(nint)mutex].Depth == 0 ? 1 : 0;

    internal static int KeReleaseMutex(KMutexObject* mutex, byte wait)
    {
        Owner owner = Owners[(nint)mutex];
        Assert.True(owner.ThreadId == ThreadId, $"thread {ThreadId} released what thread {owner.ThreadId} holds: a bugcheck");
        Owners[(nint)mutex] = owner.Depth == 1 ? default : owner with { Depth = owner.Depth - 1 };
        return 0;
    }

    internal static int KeWaitForSingleObject(void* dispatcherObject, int waitReason, byte waitMode, byte alertable, long* timeout)
    {
        bool waits = timeout == null || *timeout != 0;
        if (waits)
        {
            LastWait = (alertable != 0, timeout == null ? null : *timeout);
            WhileWaiting?.Invoke();
            if (NextStatus is int status)
            {
                NextStatus = null;
                return status;
            }
        }

        Owner owner = Owners[(nint)dispatcherObject];
        if (owner.Depth != 0 && owner.ThreadId != ThreadId)
        {
            Assert.True(timeout != null, "the test waits for ever: let the owner release in WhileWaiting");
            return NtStatus.Timeout;
        }

        Owners[(nint)dispatcherObject] = new Owner(ThreadId, owner.Depth + 1, false);
        return owner.Abandoned ? 0x80 : NtStatus.Success;
    }

    internal static void KeInitializeEvent(KEventObject* kernelEvent, int type, byte state) => Assert.Equal(EventType.Synchronization, type);

    internal static byte ExTryToAcquireFastMutex(FastMutexObject* fastMutex)
    {
        Assert.True(CurrentIrql <= Irql.Apc, "a fast mutex above APC_LEVEL");
        if (FastMutexes.ContainsKey((nint)fastMutex))
        {
            return 0;
        }

        FastMutexes[(nint)fastMutex] = (ThreadId, CurrentIrql);
        CurrentIrql = Irql.Apc;
        return 1;
    }

    internal static void ExAcquireFastMutex(FastMutexObject* fastMutex)
    {
        WhileWaiting?.Invoke();
        Assert.True(ExTryToAcquireFastMutex(fastMutex) != 0, "the test waits for ever: let the owner release in WhileWaiting");
    }

    internal static void ExReleaseFastMutex(FastMutexObject* fastMutex)
    {
        Assert.True(CurrentIrql == Irql.Apc, "a fast mutex is released at another IRQL than APC_LEVEL");
        Assert.True(FastMutexes.Remove((nint)fastMutex, out (uint ThreadId, byte Irql) held), "a fast mutex is released twice");
        Assert.True(held.ThreadId == ThreadId, $"thread {ThreadId} released what thread {held.ThreadId} holds");
        CurrentIrql = held.Irql;
    }

    internal static byte KeAcquireSpinLockRaiseToDpc(nuint* spinLock)
    {
        Assert.True(*spinLock == 0, "a spin lock is acquired twice: a deadlock");
        Assert.True(CurrentIrql <= Irql.Dispatch, "a spin lock above DISPATCH_LEVEL");
        *spinLock = 1;
        byte irql = CurrentIrql;
        CurrentIrql = Irql.Dispatch;
        return irql;
    }

    internal static void KeReleaseSpinLock(nuint* spinLock, byte newIrql)
    {
        *spinLock = 0;
        CurrentIrql = newIrql;
    }

    internal static int EtwRegister(
        Guid* providerId,
        delegate* unmanaged<Guid*, uint, byte, ulong, ulong, void*, void*, void> enableCallback,
        void* callbackContext,
        ulong* registration) => NtStatus.InsufficientResources;

    internal static int EtwUnregister(ulong registration) => NtStatus.Success;

    internal static int EtwWrite(
        ulong registration, EventDescriptor* descriptor, Guid* activityId, uint userDataCount, EventDataDescriptor* userData)
    {
        List<byte> payload = [];
        for (uint i = 0; i < userDataCount; i++)
        {
            payload.AddRange(new ReadOnlySpan<byte>((void*)userData[i].Ptr, (int)userData[i].Size));
        }

        Events.Add((descriptor->Id, payload.ToArray()));
        return NtStatus.Success;
    }

    private readonly record struct Owner(uint ThreadId, int Depth, bool Abandoned);
}
