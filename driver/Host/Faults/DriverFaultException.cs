using Tracing.Host.Faults;

namespace Tracing.Host;

/// <summary>Driver code faulted: on Windows, a stop screen. The message has the kind, the place and every register.</summary>
public sealed class DriverFaultException : DriverStoppedException
{
    internal DriverFaultException(FaultReport report, string tracePath, IReadOnlyList<string> violations)
        : base(report.Text, tracePath, violations)
    {
        Kind = report.Kind;
        Location = report.Location;
        Address = report.Address;
        Registers = report.Registers;
    }

    /// <summary>What happened.</summary>
    public FaultKind Kind { get; }

    /// <summary>Where: "kmutex.sys+0x1234 (.text+0x234)".</summary>
    public string Location { get; }

    /// <summary>The address that could not be accessed, for access violations.</summary>
    public ulong Address { get; }

    /// <summary>The registers at the fault, by lower-case name.</summary>
    public IReadOnlyDictionary<string, ulong> Registers { get; }
}
