using Tracing.Host.Kernel;

namespace Tracing.Driver.Tests.Support;

/// <summary>A step of a test that goes on beside it.</summary>
internal sealed class RunningStep
{
    private readonly TaskCompletionSource<bool> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Does the step. Called once, on the thread that carries it.</summary>
    internal void Run(Action step)
    {
        try
        {
            step();
            _done.SetResult(true);
        }
        catch (DriverEscapeException)
        {
            _done.SetResult(false);
        }
#pragma warning disable CA1031 // Thrown again where the test waits.
        catch (Exception error)
#pragma warning restore CA1031
        {
            _done.SetException(error);
        }
    }

    /// <summary>Waits for the end.</summary>
    /// <returns>False if the machine stopped in the step.</returns>
    internal bool Join() => _done.Task.GetAwaiter().GetResult();
}
