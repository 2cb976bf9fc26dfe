namespace Tracing.Host.Kernel;

/// <summary>
/// Driver code below was left for good: its thread ended, or the machine stopped. Thrown through managed frames only; where it meets driver
/// frames, the import thunk escapes over those.
/// </summary>
internal sealed class DriverEscapeException : Exception
{
    internal DriverEscapeException()
        : base("The driver was left by an escape.")
    {
    }
}
