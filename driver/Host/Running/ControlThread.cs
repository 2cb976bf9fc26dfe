using Tracing.Host.Kernel;

namespace Tracing.Host;

/// <summary>Runs the host's own steps on simulated threads: what calls into a driver must be one.</summary>
internal static class ControlThread
{
    /// <summary>Runs a step to its end.</summary>
    /// <returns>False if the driver was left by an escape, and the step not finished.</returns>
    internal static bool Run(SimulatedKernel kernel, string name, Action<SimulatedThread> step)
    {
        return Run(kernel, (name, Whole));

        bool Whole(SimulatedThread thread)
        {
            step(thread);
            return true;
        }
    }

    /// <summary>
    /// Runs steps one after the other, each on a thread of its own that the one before starts: the host does nothing between them.
    /// </summary>
    /// <param name="kernel">The machine.</param>
    /// <param name="steps">Names, and what is done; a step that returns false is the last.</param>
    /// <returns>False if the driver was left by an escape, and a step not finished.</returns>
    internal static bool Run(SimulatedKernel kernel, params (string Name, Func<SimulatedThread, bool> Work)[] steps)
    {
        TaskCompletionSource<bool> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Start(kernel, steps, 0, done);
        if (kernel.Threads.Liveness.Block())
        {
            kernel.Threads.StopForDeadlock();
        }

        return done.Task.GetAwaiter().GetResult();
    }

    private static void Start(
        SimulatedKernel kernel, (string Name, Func<SimulatedThread, bool> Work)[] steps, int index, TaskCompletionSource<bool> done) =>
        kernel.Threads.Start(steps[index].Name, thread =>
        {
            try
            {
                if (steps[index].Work(thread) && index + 1 < steps.Length)
                {
                    Start(kernel, steps, index + 1, done);
                    return;
                }

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

    /// <summary>Waits until every simulated thread has left the driver.</summary>
    /// <returns>False if some have not after <paramref name="patience"/>.</returns>
    internal static bool WaitForAll(SimulatedKernel kernel, TimeSpan patience)
    {
        return SpinWait.SpinUntil(() => kernel.Threads.Alive.Count == 0, patience);
    }
}
