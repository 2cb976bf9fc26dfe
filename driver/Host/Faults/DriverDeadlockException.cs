using Tracing.Host.Kernel;

namespace Tracing.Host;

/// <summary>
/// Every thread of the driver waited for another. On Windows they would wait for ever; the message says who waits for whom.
/// </summary>
public sealed class DriverDeadlockException : DriverStoppedException
{
    internal DriverDeadlockException(DeadlockStop stop, string tracePath, IReadOnlyList<string> violations)
        : base(stop.Sentence, tracePath, violations)
    {
    }
}
