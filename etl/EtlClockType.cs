namespace Tracing.Etl;

/// <summary>What the session's timestamps count. Source: WNODE_HEADER documentation, ClientContext.</summary>
public enum EtlClockType : uint
{
    /// <summary>Not said; treated as <see cref="PerformanceCounter"/>, which is the default of sessions.</summary>
    Unspecified = 0,

    /// <summary>QueryPerformanceCounter ticks.</summary>
    PerformanceCounter = 1,

    /// <summary>System time: 100 ns units since 1601 (FILETIME).</summary>
    SystemTime = 2,

    /// <summary>CPU cycles, at <see cref="EtlHeader.CpuMHz"/>.</summary>
    CpuCycles = 3,
}
