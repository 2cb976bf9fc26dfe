namespace Tracing.Etl;

/// <summary>
/// Which records a pass is to deliver or count: those that meet every condition that is set. A condition that is null is not asked. Immutable if its sets are not changed.
/// </summary>
/// <remarks>
/// Records are tested while they are walked, before they are put in order, so that those left out cost little. With a time range, whole buffers before and after it are
/// not read at all; that relies on the order of time within a processor's stream, so that of a trace whose time runs backwards (<see cref="EtlOddityKind.TimeWentBackwards"/>)
/// records near the range's ends may be missed.
/// </remarks>
public sealed record EtlFilter
{
    /// <summary>Providers, classes of kernel and classic events, or WPP message GUIDs, as <see cref="EtlRecord.ProviderId"/> gives them.</summary>
    public IReadOnlyCollection<Guid>? Providers { get; init; }

    /// <summary>Event ids, as <see cref="EtlRecord.Id"/> gives them: 0 for kernel, classic and most TraceLogging events.</summary>
    public IReadOnlyCollection<ushort>? Ids { get; init; }

    /// <summary>Processes, as <see cref="EtlRecord.ProcessId"/> gives them: -1 for records that name none.</summary>
    public IReadOnlyCollection<int>? ProcessIds { get; init; }

    /// <summary>Threads, as <see cref="EtlRecord.ThreadId"/> gives them: -1 for records that name none.</summary>
    public IReadOnlyCollection<int>? ThreadIds { get; init; }

    /// <summary>First tick of the time range, on the clock of what is read.</summary>
    public long? From { get; init; }

    /// <summary>First tick after the time range.</summary>
    public long? Until { get; init; }
}
