namespace Tracing.Driver;

/// <summary>The pool block of a mutex: making and unmaking it, whatever the type of its data.</summary>
internal static unsafe class MutexBlock
{
    /// <summary>The tag, which reads <c>kmtx</c> in PoolMon and <c>!poolused</c>: the first character is in the lowest byte.</summary>
    internal const uint PoolTag = 'k' | ('m' << 8) | ('t' << 16) | ('x' << 24);

    /// <summary>Bytes from the start of the block to the data, which is aligned like the pool: to 16 bytes.</summary>
    internal static uint DataOffset => ((uint)sizeof(MutexHeader) + 15) & ~15u;

    /// <summary>The data of a mutex.</summary>
    internal static byte* DataOf(MutexHeader* mutex) => (byte*)mutex + DataOffset;

    /// <summary>Allocates a free mutex with room for data, and publishes it among the live ones. IRQL: &lt;= <see cref="IrqlLimits.New"/>.</summary>
    /// <param name="kind">Which object of the kernel.</param>
    /// <param name="dataSize">Bytes of data.</param>
    /// <param name="label">What reports call it.</param>
    /// <param name="mutex">The mutex; null on failure.</param>
    /// <param name="site">Where the call stands.</param>
    internal static MutexError Allocate(MutexKind kind, uint dataSize, MutexLabel label, out MutexHeader* mutex, in CallSite site)
    {
        mutex = null;
        byte irql = Kernel.KeGetCurrentIrql();
        if (irql > IrqlLimits.New)
        {
            LockTrace.Rejected(null, LockOperation.New, irql, IrqlLimits.New, in site);
            return MutexError.IrqlTooHigh;
        }

        uint labelOffset = DataOffset + ((dataSize + 1) & ~1u);
        uint poolSize = label.Room == 0 ? DataOffset + dataSize : labelOffset + label.Room;
        MutexHeader* block = (MutexHeader*)Kernel.ExAllocatePool2(PoolFlags.NonPaged, poolSize, PoolTag);
        if (block == null)
        {
            LockTrace.AllocationFailed(kind, poolSize, in site);
            return MutexError.OutOfPool;
        }

        // The pool has zeroed the block: what is not set here starts at zero.
        if (kind == MutexKind.FastMutex)
        {
            FastMutexObject.Initialize((FastMutexObject*)&block->Mutex);
        }
        else
        {
            Kernel.KeInitializeMutex(&block->Mutex, 0);
        }

        block->Kind = kind;
        block->AllocationIrql = irql;
        block->AllocatedAt = Clock.Now();
        block->DataSize = dataSize;
        block->PoolSize = poolSize;
        label.Attach(block, (char*)((byte*)block + labelOffset));

        // Resolved whether or not anybody listens: a session that comes later asks where the mutexes it finds were born.
        block->AllocationSite = SiteTable.Resolve(in site);
        LiveMutexes.Add(block);
        LockTrace.Allocated(block);
        mutex = block;
        return MutexError.None;
    }

    /// <summary>
    /// Frees a mutex that no thread uses any more. IRQL: &lt;= <see cref="IrqlLimits.Free"/>.
    /// </summary>
    /// <remarks>
    /// The caller answers for it that no other thread is inside a call on this mutex, or enters one. What can be seen of the
    /// contrary, a holder or a waiter, is refused, and the memory kept: a leak can be found later, a use after free cannot.
    /// </remarks>
    internal static MutexError Free(MutexHeader* mutex, FreeReason reason, in CallSite site)
    {
        byte irql = Kernel.KeGetCurrentIrql();
        if (irql > IrqlLimits.Free)
        {
            LockTrace.Rejected(mutex, LockOperation.Free, irql, IrqlLimits.Free, in site);
            return MutexError.IrqlTooHigh;
        }

        if (mutex->RegisteredType != 0)
        {
            return MutexError.Registered;
        }

        // Who waits comes first, and is the worse of the two: the event names the holder as well, if there is one.
        if (mutex->Waiters != 0)
        {
            LockTrace.Misused(mutex, MisuseKind.FreeWithWaiters, in site);
            return MutexError.Awaited;
        }

        if (IsHeld(mutex))
        {
            LockTrace.Misused(mutex, MisuseKind.FreeWhileHeld, in site);
            return MutexError.Held;
        }

        // The event goes out before the memory does: a new mutex at the same address is then announced later than this end.
        LiveMutexes.Remove(mutex);
        LockTrace.Freed(mutex, reason, in site);
        Kernel.ExFreePoolWithTag(mutex, PoolTag);
        return MutexError.None;
    }

    /// <summary>
    /// Whether a thread holds it; the answer may be old before it arrives. IRQL: &lt;= DISPATCH_LEVEL. The kernel's object is asked itself: it
    /// knows of an owner that has acquired and not yet said so.
    /// </summary>
    internal static bool IsHeld(MutexHeader* mutex)
    {
        const int Free = 1;
        return mutex->Ownership != 0
            || (mutex->Kind == MutexKind.FastMutex ? ((FastMutexObject*)&mutex->Mutex)->Count : Kernel.KeReadStateMutex(&mutex->Mutex)) != Free;
    }
}
