namespace Tracing.Host.Kernel;

/// <summary>
/// A KMUTEX: an owner, a depth, and waiters in order. Source: KeInitializeMutex and KeReleaseMutex DDI pages; layout: KMUTANT in wdm.h.
/// </summary>
internal sealed unsafe class KernelMutex : DispatcherObject
{
    internal const int Size = 0x38;

    private const int OwnerThreadOffset = 0x28;

    internal KernelMutex(nuint address, MutexLedger ledger)
        : base(address, DispatcherHeader.Mutant, Size / 4, 1)
    {
        Ledger = ledger;
        new Span<byte>((void*)(address + 0x18), Size - 0x18).Clear();
    }

    internal override string Kind => "KMUTEX";

    /// <summary>Who holds it, or null.</summary>
    internal SimulatedThread? Owner { get; private set; }

    /// <summary>How often its owner has acquired it and not released it.</summary>
    internal int Depth { get; private set; }

    /// <summary>Whether its owner took it at DISPATCH_LEVEL: then it must be released there, else below.</summary>
    internal bool TakenAtDispatch { get; private set; }

    /// <summary>The number of the last acquisition. For its owner.</summary>
    internal long LastAcquire { get; private set; }

    /// <summary>What is counted of it.</summary>
    internal MutexLedger Ledger { get; }

    internal override bool TryTake(SimulatedThread thread, long now)
    {
        if (Owner is not null && Owner != thread)
        {
            return false;
        }

        LastAcquire = Ledger.CountAcquire(recursive: Owner is not null);
        if (Owner is null)
        {
            TakenAtDispatch = thread.Irql >= Irql.Dispatch;
        }

        Owner = thread;
        Depth++;
        Show();
        return true;
    }

    /// <summary>Undoes one acquisition of its owner. Under the gate.</summary>
    /// <param name="now">QPC ticks.</param>
    /// <returns>Whether the mutex is free now: 0 of KeReleaseMutex, before it passed to a waiter.</returns>
    internal bool Release(long now)
    {
        Depth--;
        if (Depth > 0)
        {
            Show();
            return false;
        }

        Owner = null;
        Show();
        ServeWaiters(now);
        return true;
    }

    private void Show()
    {
        Header->SignalState = 1 - Depth;
        *(nuint*)(Memory + OwnerThreadOffset) = Owner?.Address ?? 0;
    }
}
