using Tracing.Host.Kernel;

namespace Tracing.Host;

/// <summary>Runs the host's own steps on simulated threads: what calls into a driver must be one.</summary>
internal static class ControlThread
{
    /// <summary>Runs a step to its end.</summary>
    /// <returns>False if the driver was left by an escape, and the step not finished.</returns>
    internal static bool Run(SimulatedKernel kernel, string name, Action<SimulatedThread> step)
    {
        TaskCompletionSource<bool> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        kernel.Threads.Start(name, thread =>
        {
            try
            {
                step(thread);
                kernel.Threads.Liveness.Unblock();
                done.SetResult(true);
            }
            catch (DriverEscapeException)
            {
                kernel.Threads.Liveness.Unblock();
                done.SetResult(false);
            }
#pragma warning disable CA1031 // Carried over to the thread that waits, which throws it again.
            catch (Exception error)
#pragma warning restore CA1031
            {
                kernel.Threads.Liveness.Unblock();
                done.SetException(error);
            }
        });
        if (kernel.Threads.Liveness.Block())
        {
            kernel.Threads.StopForDeadlock();
        }

        return done.Task.GetAwaiter().GetResult();
    }

    /// <summary>Waits until every simulated thread has left the driver.</summary>
    /// <returns>False if some have not after <paramref name="patience"/>.</returns>
    internal static bool WaitForAll(SimulatedKernel kernel, TimeSpan patience)
    {
        return SpinWait.SpinUntil(() => kernel.Threads.Alive.Count == 0, patience);
    }
}
