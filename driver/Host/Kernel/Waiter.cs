namespace Tracing.Host.Kernel;

/// <summary>One thread's wait for one object. Guarded by the object's gate.</summary>
internal sealed class Waiter(SimulatedThread thread, bool forever)
{
    internal SimulatedThread Thread { get; } = thread;

    /// <summary>QPC ticks at which the object passed to the thread; 0 while it waits.</summary>
    internal long GrantedAt { get; private set; }

    /// <summary>Whether the object has passed to the thread.</summary>
    internal bool Granted => GrantedAt != 0;

    internal void Grant(long now)
    {
        GrantedAt = now;
        if (forever)
        {
            Thread.Kernel.Threads.Liveness.Unblock();
        }

        Thread.Wakeup.Release();
    }
}
