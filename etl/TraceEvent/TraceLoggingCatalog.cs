namespace Tracing.Etl.TraceEvent;

/// <summary>
/// The TraceLogging events met in one pass. TraceEvent tells the events of a provider apart by their id, which TraceLogging leaves at 0: the first kind of a provider
/// keeps it, each further one gets an id of its own, counted down from the top.
/// </summary>
internal sealed class TraceLoggingCatalog
{
    /// <summary>Kinds remembered at most, and longest schema: beyond, events arrive without names, as they would without this catalog.</summary>
    private const int MaximumKinds = 1 << 14;
    private const int MaximumSchema = 1 << 13;
    private readonly Dictionary<Key, ushort> _ids = [];
    private readonly Dictionary<Guid, ushort> _nextIds = [];

    /// <summary>Gives an event its id.</summary>
    /// <param name="record">The event.</param>
    /// <param name="id">What TraceEvent is to see as its id.</param>
    /// <returns>The record that tells TraceEvent of it, if this is the first of its kind; else null.</returns>
    public byte[]? Identify(in EtlRecord record, out ushort id)
    {
        id = record.Id;
        if (!record.ExtendedItems.TryGet(EtlExtendedItemType.EventSchemaTraceLogging, out ReadOnlySpan<byte> schema)
            || !record.ExtendedItems.TryGet(EtlExtendedItemType.ProviderTraits, out ReadOnlySpan<byte> traits)
            || schema.Length > MaximumSchema)
        {
            return null;
        }

        Key key = new(record.ProviderId, record.Id, record.Opcode, Convert.ToBase64String(schema));
        if (_ids.TryGetValue(key, out ushort known))
        {
            id = known;
            return null;
        }

        if (_ids.Count == MaximumKinds || TraceLoggingSchema.Read(schema, traits) is not { } description)
        {
            return null;
        }

        // 65,535 means a classic event to TraceEvent.
        ushort next = _nextIds.GetValueOrDefault(key.Provider, ushort.MaxValue);
        id = next == ushort.MaxValue ? record.Id : next;
        _nextIds[key.Provider] = (ushort)(next - 1);
        _ids[key] = id;
        return EventInfoRecord.Make(record, id, description);
    }

    private sealed record Key(Guid Provider, ushort Id, byte Opcode, string Schema);
}
