namespace Tracing.Reports.Model;

/// <summary>What a report rests on. A number is worth no more than the recording it came from, so this is shown before any number.</summary>
public sealed record TraceSummary
{
    /// <summary>The files read, as named by the caller.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>When the recording began, by the file header (UTC); null when the header does not say.</summary>
    public DateTime? StartUtc { get; init; }

    /// <summary>When the recording ended, by the file header (UTC); null when the session was never closed.</summary>
    public DateTime? EndUtc { get; init; }

    /// <summary>From the start of the recording to its last event, in nanoseconds.</summary>
    public long DurationNs { get; init; }

    /// <summary>Where the part of the recording begins that was looked at, in nanoseconds since its start; 0 for the start. Other times count from there.</summary>
    public long SinceNs { get; init; }

    /// <summary>Where that part ends; null for the end of the recording.</summary>
    public long? UntilNs { get; init; }

    /// <summary>Processors of the recording machine.</summary>
    public int ProcessorCount { get; init; }

    /// <summary>Version and build of the recording system, for instance <c>10.0.26100</c>.</summary>
    public string OsBuild { get; init; } = "";

    /// <summary>Name of the session that recorded, by the file header; empty when it has none.</summary>
    public string RecordedBy { get; init; } = "";

    /// <summary>True when the driver ran in the simulated kernel of <c>kmutex run</c>: then there was no Windows, whatever <see cref="OsBuild"/> says.</summary>
    public bool IsSimulated { get; init; }

    /// <summary>Ticks per second of the clock that the driver reads (QPC).</summary>
    public long ClockFrequency { get; init; }

    /// <summary>Records read, of any provider, the header records included.</summary>
    public long EventsRead { get; init; }

    /// <summary>Records of the driver's own provider among them.</summary>
    public long DriverEventsRead { get; init; }

    /// <summary>Events that the session could not store, by the file header.</summary>
    public long EventsLost { get; init; }

    /// <summary>Buffers that the session could not write, by the file header.</summary>
    public long BuffersLost { get; init; }

    /// <summary>Acquisitions that certainly happened and whose events are not in the file, over all mutexes.</summary>
    public long SequenceGaps { get; init; }

    /// <summary>What is known about mutexes that were alive when the recording began.</summary>
    public RundownState Rundown { get; init; }

    /// <summary>
    /// True when the driver unloaded in the recording, each time it was loaded, and counted just the live mutexes that the recording knows of: then what leaked is known for
    /// certain, and so is that nothing else did.
    /// </summary>
    public bool LeaksAreCertain { get; init; }

    /// <summary>What the driver itself counted as live when it unloaded, over all unloads in the recording; null when there was none.</summary>
    public long? LiveAtUnload { get; init; }

    /// <summary>False for a light trace: acquires happened that have no events of their own, because the keyword Lock was off.</summary>
    public bool LockEventsRecorded { get; init; }

    /// <summary>Laws that the numbers of this report were held against.</summary>
    public IReadOnlyList<IdentityCheck> Identities { get; init; } = [];

    /// <summary>How far the report can be trusted.</summary>
    public TrustGrade Grade { get; init; }

    /// <summary>Why the grade is what it is, one sentence each; empty for A.</summary>
    public IReadOnlyList<string> GradeReasons { get; init; } = [];
}

/// <summary>How far a report can be trusted, best first.</summary>
public enum TrustGrade
{
    /// <summary>Nothing is missing and every identity holds.</summary>
    A,

    /// <summary>The numbers are exact, but something is out of sight, such as mutexes that were born before the recording.</summary>
    B,

    /// <summary>Events are missing: every number shown is what was seen, and the truth may be higher.</summary>
    C,

    /// <summary>The recording contradicts itself or says nothing of the driver: don't build on it.</summary>
    D,
}

/// <summary>Whether the recording tells which mutexes were alive before it began.</summary>
public enum RundownState
{
    /// <summary>No rundown: mutexes that were alive before the recording and never used in it are not known.</summary>
    Absent,

    /// <summary>
    /// No rundown, and none was missing: when the driver unloaded it counted just the live mutexes that the recording knows of.
    /// </summary>
    NotNeeded,

    /// <summary>A rundown began and not all it announced is in the file.</summary>
    Incomplete,

    /// <summary>A rundown is there, with as many mutexes as it announced.</summary>
    Complete,
}

/// <summary>A law that the numbers were held against.</summary>
/// <param name="Name">A short, stable name, such as <c>holds-do-not-overlap</c>.</param>
/// <param name="Statement">The law in one sentence.</param>
/// <param name="Result">Whether it held.</param>
/// <param name="Checked">How many times it was tried.</param>
/// <param name="Violations">How many of those it failed.</param>
public sealed record IdentityCheck(string Name, string Statement, IdentityResult Result, long Checked, long Violations);

/// <summary>The outcome of an <see cref="IdentityCheck"/>.</summary>
public enum IdentityResult
{
    /// <summary>The recording lacks what the check needs, for instance the final counters.</summary>
    NotChecked,

    /// <summary>It held each time it was tried.</summary>
    Holds,

    /// <summary>It failed at least once.</summary>
    Violated,
}
