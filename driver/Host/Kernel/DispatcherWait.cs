using Tracing.Host.Scheduling;

namespace Tracing.Host.Kernel;

/// <summary>How simulated threads wait, on real ones.</summary>
internal static class DispatcherWait
{
    /// <summary>A timeout that never comes.</summary>
    internal const int Forever = Timeout.Infinite;

    /// <summary>
    /// A kernel timeout (100 ns; negative from now, positive a system time) in milliseconds from now, rounded up: 0 is a try.
    /// </summary>
    internal static int Milliseconds(long timeout, KernelClock clock)
    {
        long ticks = timeout > 0 ? Math.Max(0, timeout - clock.SystemTime) : timeout == long.MinValue ? long.MaxValue : -timeout;
        return (int)Math.Min(int.MaxValue, (ticks / KernelClock.TicksPerMillisecond) + (ticks % KernelClock.TicksPerMillisecond == 0 ? 0 : 1));
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
            long now = thread.Kernel.Clock.Now;
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

        bool woken = Rest(thread, () => waiter.Granted, milliseconds);
        lock (waited.Gate)
        {
            thread.WaitsFor = null;
            if (waiter.Granted)
            {
                if (!woken)
                {
                    // Something else than the permit ended the rest, and the object has passed after all: it must not wake a later wait.
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
        _ = Rest(thread, static () => false, milliseconds);
        LeaveIfStopped(thread);
    }

    /// <summary>Does nothing until there is a reason to look again.</summary>
    /// <returns>Whether a permit was taken.</returns>
    private static bool Rest(SimulatedThread thread, Func<bool> ready, int milliseconds)
    {
        if (thread.Turn is null)
        {
            return thread.Wakeup.Wait(milliseconds);
        }

        Schedule schedule = thread.Kernel.Schedule!;
        long deadline = milliseconds == Forever ? Turn.Never : schedule.Clock.Now + (milliseconds * KernelClock.TicksPerMillisecond);
        if (!schedule.Wait(thread.Turn, ready, deadline))
        {
            thread.Kernel.Threads.StopForDeadlock();
        }

        return false;
    }

    private static void LeaveIfStopped(SimulatedThread thread)
    {
        if (thread.Kernel.Stopped is not null)
        {
            throw new DriverEscapeException();
        }
    }
}
