using Tracing.Analysis.Loads;
using Tracing.Analysis.Mutexes;

namespace Tracing.Analysis;

/// <summary>Several observers as one: each is told of everything, in their order.</summary>
internal sealed class ObserverGroup : ILockObserver
{
    private readonly ILockObserver[] _observers;

    private ObserverGroup(ILockObserver[] observers) => _observers = observers;

    /// <summary>Those that are there: none is null, and one is itself.</summary>
    public static ILockObserver? Of(params IEnumerable<ILockObserver?> observers)
    {
        ILockObserver[] there = [.. observers.OfType<ILockObserver>()];
        return there.Length > 1 ? new ObserverGroup(there) : there.FirstOrDefault();
    }

    public void Acquired(in ObservedAcquire acquire)
    {
        foreach (ILockObserver observer in _observers)
        {
            observer.Acquired(acquire);
        }
    }

    public void Held(in ObservedHold hold)
    {
        foreach (ILockObserver observer in _observers)
        {
            observer.Held(hold);
        }
    }

    public void GaveUp(DriverLoad load, MutexLedger mutex, in FailedEvent failed, in EventOrigin origin)
    {
        foreach (ILockObserver observer in _observers)
        {
            observer.GaveUp(load, mutex, failed, origin);
        }
    }

    public void Rejected(DriverLoad load, MutexLedger? mutex, in RejectedEvent rejected, in EventOrigin origin)
    {
        foreach (ILockObserver observer in _observers)
        {
            observer.Rejected(load, mutex, rejected, origin);
        }
    }

    public void Misused(DriverLoad load, MutexLedger? mutex, in MisuseEvent misuse, in EventOrigin origin)
    {
        foreach (ILockObserver observer in _observers)
        {
            observer.Misused(load, mutex, misuse, origin);
        }
    }

    public void StillWaiting(DriverLoad load, MutexLedger mutex, int threadId, uint siteId, ulong since, ulong end)
    {
        foreach (ILockObserver observer in _observers)
        {
            observer.StillWaiting(load, mutex, threadId, siteId, since, end);
        }
    }

    public void StillHeld(DriverLoad load, MutexLedger mutex, int threadId, uint siteId, ulong since, ulong end)
    {
        foreach (ILockObserver observer in _observers)
        {
            observer.StillHeld(load, mutex, threadId, siteId, since, end);
        }
    }
}
