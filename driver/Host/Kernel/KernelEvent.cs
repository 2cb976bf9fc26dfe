namespace Tracing.Host.Kernel;

/// <summary>
/// A KEVENT. A notification event lets every waiter go and stays set; a synchronization event lets one go and is clear again.
/// </summary>
internal sealed unsafe class KernelEvent : DispatcherObject
{
    internal const int Size = 0x18;

    private readonly bool _notification;

    internal KernelEvent(nuint address, bool notification, bool set)
        : base(address, notification ? DispatcherHeader.NotificationEvent : DispatcherHeader.SynchronizationEvent, Size / 4, set ? 1 : 0)
    {
        _notification = notification;
    }

    internal override string Kind => FastMutex is null ? "KEVENT" : "FAST_MUTEX";

    /// <summary>What is counted of the FAST_MUTEX that it is the event of, by which that passes from thread to thread; null if it is in none.</summary>
    internal MutexLedger? FastMutex { get; set; }

    private bool IsSet => Header->SignalState != 0;

    internal override bool TryTake(SimulatedThread thread, long now)
    {
        if (!IsSet)
        {
            return false;
        }

        if (!_notification)
        {
            Header->SignalState = 0;
        }

        return true;
    }

    /// <summary>Sets it.</summary>
    /// <param name="now">QPC ticks.</param>
    /// <returns>Whether it was set before.</returns>
    internal bool Set(long now)
    {
        lock (Gate)
        {
            bool before = IsSet;
            Header->SignalState = 1;
            ServeWaiters(now);
            return before;
        }
    }

    /// <summary>Clears it.</summary>
    /// <returns>Whether it was set before.</returns>
    internal bool Clear()
    {
        lock (Gate)
        {
            bool before = IsSet;
            Header->SignalState = 0;
            return before;
        }
    }
}
