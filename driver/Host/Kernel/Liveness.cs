namespace Tracing.Host.Kernel;

/// <summary>
/// Knows whether any thread of the machine can still go on. There are no timers, DPCs or interrupts here: when every thread waits without a
/// timeout, nothing will ever happen again. A thread counts as waiting until an object is granted to it, not until it has run, so that the
/// answer is exact. The host counts as a thread that can go on, except while it waits for a step of its own on a simulated thread: between
/// its steps it may still unload the driver. Thread-safe.
/// </summary>
internal sealed class Liveness
{
    private readonly Lock _gate = new();
    private int _alive = 1;
    private int _waiting;

    /// <summary>A thread was created.</summary>
    internal void Begin()
    {
        lock (_gate)
        {
            _alive++;
        }
    }

    /// <summary>A thread has ended, and whoever waited for that has been granted it.</summary>
    /// <returns>Whether threads are left and none can go on.</returns>
    internal bool End()
    {
        lock (_gate)
        {
            _alive--;
            return IsDead;
        }
    }

    /// <summary>A thread begins to wait without a timeout.</summary>
    /// <returns>Whether no thread can go on.</returns>
    internal bool Block()
    {
        lock (_gate)
        {
            _waiting++;
            return IsDead;
        }
    }

    /// <summary>What such a thread waited for was granted to it.</summary>
    internal void Unblock()
    {
        lock (_gate)
        {
            _waiting--;
        }
    }

    private bool IsDead => _waiting == _alive;
}
