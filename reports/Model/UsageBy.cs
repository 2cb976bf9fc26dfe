namespace Tracing.Reports.Model;

/// <summary>Whose use of locks the rows of a report are about.</summary>
public enum UsageBy
{
    /// <summary>Each place in the source that acquires. Not to be taken for <see cref="GroupBy.Site"/>, the place that allocates.</summary>
    CallSite,

    /// <summary>Each thread.</summary>
    Thread,

    /// <summary>Each process.</summary>
    Process,
}
