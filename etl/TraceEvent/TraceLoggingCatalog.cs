using System.Buffers.Binary;

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

    private const int ProviderLength = 16;
    private const int KindLength = ProviderLength + 3;

    private readonly Dictionary<byte[], ushort> _ids = new(new ByContent());
    private readonly Dictionary<Guid, ushort> _nextIds = [];
    private readonly byte[] _kind = new byte[KindLength + MaximumSchema];

    /// <summary>Gives an event its id. Allocates only for the first of its kind.</summary>
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

        ReadOnlySpan<byte> kind = KindOf(record, schema);
        if (_ids.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(kind, out ushort known))
        {
            id = known;
            return null;
        }

        if (_ids.Count == MaximumKinds || TraceLoggingSchema.Read(schema, traits) is not { } description)
        {
            return null;
        }

        // 65,535 means a classic event to TraceEvent.
        ushort next = _nextIds.GetValueOrDefault(record.ProviderId, ushort.MaxValue);
        id = next == ushort.MaxValue ? record.Id : next;
        _nextIds[record.ProviderId] = (ushort)(next - 1);
        _ids[kind.ToArray()] = id;
        return EventInfoRecord.Make(record, id, description);
    }

    private ReadOnlySpan<byte> KindOf(in EtlRecord record, ReadOnlySpan<byte> schema)
    {
        record.ProviderId.TryWriteBytes(_kind);
        BinaryPrimitives.WriteUInt16LittleEndian(_kind.AsSpan(ProviderLength), record.Id);
        _kind[ProviderLength + 2] = record.Opcode;
        schema.CopyTo(_kind.AsSpan(KindLength));
        return _kind.AsSpan(0, KindLength + schema.Length);
    }

    private sealed class ByContent : IEqualityComparer<byte[]>, IAlternateEqualityComparer<ReadOnlySpan<byte>, byte[]>
    {
        public bool Equals(byte[]? one, byte[]? other) => one.AsSpan().SequenceEqual(other);

        public bool Equals(ReadOnlySpan<byte> alternate, byte[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(byte[] kind) => GetHashCode(kind.AsSpan());

        public int GetHashCode(ReadOnlySpan<byte> alternate)
        {
            HashCode hash = default;
            hash.AddBytes(alternate);
            return hash.ToHashCode();
        }

        public byte[] Create(ReadOnlySpan<byte> alternate) => alternate.ToArray();
    }
}
