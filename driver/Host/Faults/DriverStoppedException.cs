namespace Tracing.Host;

/// <summary>
/// The driver stopped the simulated machine: a bugcheck, a hardware fault, a deadlock. The host has survived it; the trace up to that point
/// has been written to <see cref="TracePath"/>.
/// </summary>
public abstract class DriverStoppedException : Exception
{
    private protected DriverStoppedException(string message, string tracePath, IReadOnlyList<string> violations)
        : base($"{message}\nThe trace up to that point is in {tracePath}.")
    {
        TracePath = tracePath;
        Violations = violations;
    }

    /// <summary>The trace file.</summary>
    public string TracePath { get; }

    /// <summary>Rules broken before, as in <see cref="RunOutcome.Violations"/>.</summary>
    public IReadOnlyList<string> Violations { get; }
}
