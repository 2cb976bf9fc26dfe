namespace Tracing.Driver.Tests.Support;

/// <summary>A step of a test on a simulated thread, going on beside the test.</summary>
internal sealed class RunningStep
{
    private readonly Thread _thread;
    private Exception? _error;
    private bool _finished;

    internal RunningStep(Func<bool> run)
    {
        _thread = new Thread(() =>
        {
            try
            {
                _finished = run();
            }
#pragma warning disable CA1031 // Thrown again where the test waits.
            catch (Exception error)
#pragma warning restore CA1031
            {
                _error = error;
            }
        });
        _thread.Start();
    }

    /// <summary>Waits for the end.</summary>
    /// <returns>False if the machine stopped in the step.</returns>
    internal bool Join()
    {
        _thread.Join();
        Assert.Null(_error);
        return _finished;
    }
}
