using System.Buffers.Binary;
using System.Numerics;
using Tracing.Etl.Format;

namespace Tracing.Etl.Reading;

/// <summary>
/// Counts records by provider, id and opcode in an open-addressed table. Records of one event tend to follow each other, so the slot hit last is tried first.
/// </summary>
internal sealed class EventTally(int maximumSlots)
{
    private const int InitialSlots = 256;

    // Kernel records are counted by HookId and named by class only at the end. The mark keeps them apart from providers of the same bytes.
    private const ulong KernelMark = 1UL << 63;

    private static readonly ulong Seed = (ulong)Random.Shared.NextInt64() | 1;

    private Slot[] _slots = new Slot[InitialSlots];
    private int _used;
    private int _last;

    /// <summary>All records counted.</summary>
    public long Total { get; private set; }

    /// <summary>Records of events that no slot was left for.</summary>
    public long Unnamed { get; private set; }

    /// <summary>Counts a record.</summary>
    public void Count(EtlRecordKind kind, ReadOnlySpan<byte> record)
    {
        ulong low = 0;
        ulong high = 0;
        ulong detail;
        switch (kind)
        {
            case EtlRecordKind.Event:
                low = BinaryPrimitives.ReadUInt64LittleEndian(record[24..]);
                high = BinaryPrimitives.ReadUInt64LittleEndian(record[32..]);
                detail = DetailOf(BinaryPrimitives.ReadUInt16LittleEndian(record[40..]), record[45]);
                break;
            case EtlRecordKind.Full or EtlRecordKind.Instance or EtlRecordKind.Error:
                low = BinaryPrimitives.ReadUInt64LittleEndian(record[24..]);
                high = BinaryPrimitives.ReadUInt64LittleEndian(record[32..]);
                detail = DetailOf(0, record[4]);
                break;
            case EtlRecordKind.Message:
                MessageHeader message = MessageHeader.Read(record);
                if (message.GuidAt > 0 && message.GuidAt + 16 <= record.Length)
                {
                    low = BinaryPrimitives.ReadUInt64LittleEndian(record[message.GuidAt..]);
                    high = BinaryPrimitives.ReadUInt64LittleEndian(record[(message.GuidAt + 8)..]);
                }

                detail = DetailOf(BinaryPrimitives.ReadUInt16LittleEndian(record[4..]), 0);
                break;
            default:
                detail = KernelMark | BinaryPrimitives.ReadUInt16LittleEndian(record[6..]);
                break;
        }

        Add(low, high, detail, 1);
    }

    /// <summary>Adds what another tally counted.</summary>
    public void Add(EventTally other)
    {
        foreach (Slot slot in other._slots)
        {
            if (slot.Count > 0)
            {
                Add(slot.Low, slot.High, slot.Detail, slot.Count);
            }
        }

        Total += other.Unnamed;
        Unnamed += other.Unnamed;
    }

    /// <summary>The counts by provider, most records first, then by GUID.</summary>
    public IReadOnlyList<EtlProviderCount> ToProviders() =>
    [
        .. _slots
            .Where(slot => slot.Count > 0)
            .GroupBy(slot => slot.ProviderId)
            .Select(provider => new EtlProviderCount(
                provider.Key,
                provider.Sum(slot => slot.Count),
                [.. provider
                    .GroupBy(slot => (slot.Id, slot.Opcode))
                    .OrderBy(@event => @event.Key)
                    .Select(@event => new EtlEventCount(@event.Key.Id, @event.Key.Opcode, @event.Sum(slot => slot.Count)))]))
            .OrderByDescending(provider => provider.Records)
            .ThenBy(provider => provider.ProviderId),
    ];

    private static ulong DetailOf(ushort id, byte opcode) => ((ulong)id << 8) | opcode;

    private void Add(ulong low, ulong high, ulong detail, long count)
    {
        Total += count;
        ref Slot last = ref _slots[_last];
        if (last.Count > 0 && last.Is(low, high, detail))
        {
            last.Count += count;
            return;
        }

        ref Slot slot = ref Find(low, high, detail);
        if (slot.Count == 0)
        {
            if (_used == maximumSlots)
            {
                Unnamed += count;
                return;
            }

            if (2 * _used >= _slots.Length)
            {
                Grow();
                slot = ref Find(low, high, detail);
            }

            _used++;
            slot = new Slot { Low = low, High = high, Detail = detail };
        }

        slot.Count += count;
    }

    private ref Slot Find(ulong low, ulong high, ulong detail)
    {
        ulong hash = (BitOperations.RotateLeft((low ^ Seed) * 0x9E37_79B9_7F4A_7C15, 31) ^ high ^ BitOperations.RotateLeft(detail, 17)) * Seed;
        int mask = _slots.Length - 1;
        int at = (int)(hash >> 32) & mask;
        while (_slots[at].Count > 0 && !_slots[at].Is(low, high, detail))
        {
            at = (at + 1) & mask;
        }

        _last = at;
        return ref _slots[at];
    }

    private void Grow()
    {
        Slot[] old = _slots;
        _slots = new Slot[2 * old.Length];
        foreach (Slot slot in old)
        {
            if (slot.Count > 0)
            {
                Find(slot.Low, slot.High, slot.Detail) = slot;
            }
        }
    }

    private struct Slot
    {
        public ulong Low;
        public ulong High;
        public ulong Detail;
        public long Count;

        public readonly bool IsKernel => (Detail & KernelMark) != 0;

        public readonly ushort Id => IsKernel ? (ushort)0 : (ushort)(Detail >> 8);

        public readonly byte Opcode => (byte)Detail;

        public readonly Guid ProviderId
        {
            get
            {
                if (IsKernel)
                {
                    return KernelGroups.ClassOf((ushort)Detail);
                }

                Span<byte> bytes = stackalloc byte[16];
                BinaryPrimitives.WriteUInt64LittleEndian(bytes, Low);
                BinaryPrimitives.WriteUInt64LittleEndian(bytes[8..], High);
                return new Guid(bytes);
            }
        }

        public readonly bool Is(ulong low, ulong high, ulong detail) => Low == low && High == high && Detail == detail;
    }
}
