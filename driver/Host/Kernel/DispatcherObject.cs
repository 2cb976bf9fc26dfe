namespace Tracing.Host.Kernel;

/// <summary>
/// Something that threads wait for. Waiters are served first in, first out, and an object that passes to a waiter passes at once, before
/// that thread runs: as the kernel does for a KMUTEX. Each object has its own gate; no operation here holds two.
/// </summary>
internal abstract unsafe class DispatcherObject
{
    private readonly LinkedList<Waiter> _waiters = new();

    private protected DispatcherObject(nuint address, byte type, byte sizeInWords, int signalState)
    {
        Address = address;
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

    private protected DispatcherHeader* Header => (DispatcherHeader*)Address;

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
