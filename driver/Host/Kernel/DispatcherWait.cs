namespace Tracing.Host.Kernel;

/// <summary>How simulated threads wait, on real ones.</summary>
internal static class DispatcherWait
{
    /// <summary>A timeout that never comes.</summary>
    internal const int Forever = Timeout.Infinite;

    private const long TicksPerMillisecond = 10_000;

    /// <summary>
    /// A kernel timeout (100 ns; negative from now, positive a system time) in milliseconds from now, rounded up: 0 is a try.
    /// </summary>
    internal static int Milliseconds(long timeout)
    {
        long ticks = timeout > 0 ? Math.Max(0, timeout - KernelClock.SystemTime) : timeout == long.MinValue ? long.MaxValue : -timeout;
        return (int)Math.Min(int.MaxValue, (ticks / TicksPerMillisecond) + (ticks % TicksPerMillisecond == 0 ? 0 : 1));
    }

    /// <summary>Waits for an object.</summary>
    /// <param name="thread">The thread that runs here.</param>
    /// <param name="waited">For what.</param>
    /// <param name="milliseconds">How long: 0 for a try, <see cref="Forever"/> for no end.</param>
    /// <exception cref="DriverEscapeException">The machine stopped meanwhile.</exception>
    internal static WaitOutcome Wait(SimulatedThread thread, DispatcherObject waited, int milliseconds)
    {
        Waiter waiter;
        bool dead;
        lock (waited.Gate)
        {
            long now = KernelClock.Now;
            if (waited.TryTake(thread, now))
            {
                return new WaitOutcome(true, false, now);
            }

            if (milliseconds == 0)
            {
                return default;
            }

            waiter = new Waiter(thread, forever: milliseconds == Forever);
            waited.Enqueue(waiter);
            thread.WaitsFor = waited;
            dead = milliseconds == Forever && thread.Kernel.Threads.Liveness.Block();
        }

        if (dead)
        {
            thread.Kernel.Threads.StopForDeadlock();
        }

        bool woken = thread.Wakeup.Wait(milliseconds);
        lock (waited.Gate)
        {
            thread.WaitsFor = null;
            if (waiter.Granted)
            {
                if (!woken)
                {
                    // Time was up, and then the object passed after all: its permit is there and must not wake a later wait.
                    thread.Wakeup.Wait();
                }

                return new WaitOutcome(true, true, waiter.GrantedAt);
            }

            waited.Withdraw(waiter);
        }

        LeaveIfStopped(thread);
        return default;
    }

    /// <summary>Lets time pass.</summary>
    /// <exception cref="DriverEscapeException">The machine stopped meanwhile.</exception>
    internal static void Sleep(SimulatedThread thread, int milliseconds)
    {
        // A permit comes only from an object waited for, and there is none, or from the machine's stop.
        _ = thread.Wakeup.Wait(milliseconds);
        LeaveIfStopped(thread);
    }

    private static void LeaveIfStopped(SimulatedThread thread)
    {
        if (thread.Kernel.Stopped is not null)
        {
            throw new DriverEscapeException();
        }
    }
}
