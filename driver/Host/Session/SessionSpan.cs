namespace Tracing.Host;

/// <summary>What part of a driver's life a session records.</summary>
public enum SessionSpan
{
    /// <summary>From before DriverEntry until after unload: everything.</summary>
    WholeLife,

    /// <summary>From after DriverEntry until before unload: as on a machine where the driver runs all the time.</summary>
    WhileLoaded,
}
