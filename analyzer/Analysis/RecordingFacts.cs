using Tracing.Analysis.Reading;
using Tracing.Reports.Model;

namespace Tracing.Analysis;

/// <summary>What a file says of itself, apart from the driver's events.</summary>
public sealed record RecordingFacts
{
    /// <summary>The files read.</summary>
    public required IReadOnlyList<string> Files { get; init; }

    /// <summary>Start by the header, UTC; null for unknown.</summary>
    public DateTime? StartUtc { get; init; }

    /// <summary>End by the header, UTC; null when the session was never closed.</summary>
    public DateTime? EndUtc { get; init; }

    /// <summary>From the header to the last record, in nanoseconds.</summary>
    public long DurationNs { get; init; }

    /// <summary>Which part of the recording was looked at.</summary>
    public TimeWindow Window { get; init; } = TimeWindow.Whole;

    /// <summary>Processors of the machine.</summary>
    public int ProcessorCount { get; init; }

    /// <summary>Version and build of the system.</summary>
    public string OsBuild { get; init; } = "";

    /// <summary>Name of the session by the header.</summary>
    public string LoggerName { get; init; } = "";

    /// <summary>Records read.</summary>
    public long EventsRead { get; init; }

    /// <summary>Events lost by the header.</summary>
    public long EventsLost { get; init; }

    /// <summary>Buffers lost by the header.</summary>
    public long BuffersLost { get; init; }

    /// <summary>True when parts of the file could not be read, so that events may be missing.</summary>
    public bool Damaged { get; init; }

    /// <summary>True when buffers are absent from the file: lost, or overwritten in a circular one.</summary>
    public bool BuffersMissing { get; init; }

    /// <summary>What the reader found odd about the file.</summary>
    public IReadOnlyList<Oddity> FileOddities { get; init; } = [];

    /// <summary>Providers other than the driver's, for a trace without its events.</summary>
    public IReadOnlyList<ProviderCount> OtherProviders { get; init; } = [];

    /// <summary>What the kernel's events call threads and processes.</summary>
    public ThreadNames Names { get; init; } = ThreadNames.None;

    /// <summary>True when events are known to be missing.</summary>
    public bool MissesEvents => EventsLost != 0 || BuffersLost != 0 || Damaged || BuffersMissing;

    /// <summary>True when nothing speaks for missing events: none lost, nothing damaged, and the session was closed.</summary>
    public bool IsComplete => !MissesEvents && EndUtc is not null;
}
