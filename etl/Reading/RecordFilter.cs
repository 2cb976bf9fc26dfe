using System.Collections.Frozen;

namespace Tracing.Etl.Reading;

/// <summary>A filter in the form that the walk asks it in. Immutable, shared by all threads of a pass.</summary>
internal sealed class RecordFilter
{
    private readonly FrozenSet<Guid>? _providers;
    private readonly FrozenSet<ushort>? _ids;
    private readonly FrozenSet<int>? _processes;
    private readonly FrozenSet<int>? _threads;

    private RecordFilter(EtlFilter filter)
    {
        _providers = filter.Providers?.ToFrozenSet();
        _ids = filter.Ids?.ToFrozenSet();
        _processes = filter.ProcessIds?.ToFrozenSet();
        _threads = filter.ThreadIds?.ToFrozenSet();
        From = filter.From ?? long.MinValue;
        Until = filter.Until;
    }

    /// <summary>First tick wanted.</summary>
    public long From { get; }

    /// <summary>First tick no longer wanted, if there is one.</summary>
    public long? Until { get; }

    /// <summary>Whether some buffers may lie outside of the time range.</summary>
    public bool HasRange => From > long.MinValue || Until is not null;

    /// <summary>The filter, or null where every record passes.</summary>
    public static RecordFilter? Of(EtlFilter? filter) => filter is null ? null : new RecordFilter(filter);

    /// <summary>Whether the record is wanted. The cheapest questions come first.</summary>
    public bool Accepts(in EtlRecord record) =>
        record.Time >= From
        && !(record.Time >= Until)
        && _ids?.Contains(record.Id) != false
        && _processes?.Contains(record.ProcessId) != false
        && _threads?.Contains(record.ThreadId) != false
        && _providers?.Contains(record.ProviderId) != false;
}
