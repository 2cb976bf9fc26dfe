namespace Tracing.Host.Kernel;

/// <summary>
/// Something that threads wait for. Waiters are served first in, first out, and an object that passes to a waiter passes at once, before
/// that thread runs: as the kernel does for a KMUTEX. Each object has its own gate; no operation here holds two.
/// </summary>
internal abstract unsafe class DispatcherObject
{
    /// <summary>The largest object of the kernel, a KMUTEX, has 0x38 bytes.</summary>
    private static readonly nuint Grave = (nuint)System.Runtime.InteropServices.NativeMemory.AllocZeroed(0x40);

    private readonly LinkedList<Waiter> _waiters = new();
    private nuint _memory;

    private protected DispatcherObject(nuint address, byte type, byte sizeInWords, int signalState)
    {
        Address = address;
        _memory = address;
        *Header = new DispatcherHeader { Type = type, Size = sizeInWords, SignalState = signalState };
        Header->WaitListForward = address + 8;
        Header->WaitListBackward = address + 8;
    }

    /// <summary>Where the driver sees it.</summary>
    internal nuint Address { get; }

    /// <summary>What a message calls it.</summary>
    internal abstract string Kind { get; }

    /// <summary>Guards the state of the object and the waiters.</summary>
    internal Lock Gate { get; } = new();

    /// <summary>How many threads wait. Old before it arrives, unless read under <see cref="Gate"/>.</summary>
    internal int WaiterCount => _waiters.Count;

    /// <summary>Where its state is shown.</summary>
    private protected byte* Memory => (byte*)_memory;

    private protected DispatcherHeader* Header => (DispatcherHeader*)_memory;

    /// <summary>
    /// The memory it lies in is not its own any more: what threads that wait for it or are about to release it still do is not shown there. Under
    /// <see cref="Gate"/>.
    /// </summary>
    internal void Bury() => _memory = Grave;

    /// <summary>Takes what the object gives, if it can be had now. Under <see cref="Gate"/>.</summary>
    /// <param name="thread">For whom.</param>
    /// <param name="now">QPC ticks.</param>
    internal abstract bool TryTake(SimulatedThread thread, long now);

    /// <summary>Puts a thread at the end of the queue. Under <see cref="Gate"/>.</summary>
    internal void Enqueue(Waiter waiter) => _waiters.AddLast(waiter);

    /// <summary>Takes a thread out of the queue. Under <see cref="Gate"/>.</summary>
    internal void Withdraw(Waiter waiter) => _waiters.Remove(waiter);

    /// <summary>Serves waiters as long as the object lasts. Under <see cref="Gate"/>, after its state has changed.</summary>
    private protected void ServeWaiters(long now)
    {
        while (_waiters.First is { } first && TryTake(first.Value.Thread, now))
        {
            _waiters.RemoveFirst();
            first.Value.Grant(now);
        }
    }
}
