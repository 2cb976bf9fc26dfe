using Tracing.Host.Kernel;

namespace Tracing.Host;

/// <summary>The driver broke a rule of the kernel; the message says which, where, and by which calls the driver came there.</summary>
public sealed class DriverViolationException : DriverStoppedException
{
    internal DriverViolationException(ViolationStop stop, string tracePath, IReadOnlyList<string> violations)
        : base(stop.Sentence, tracePath, violations)
    {
    }
}
