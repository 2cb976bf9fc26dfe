using System.Buffers.Binary;

namespace Tracing.Etl;

/// <summary>
/// The extended items of an event, in file order; for use in <c>foreach</c>. Valid as long as the record they came from. Items that do not fit their record end the
/// enumeration, and were counted as <see cref="EtlOddityKind.MalformedExtras"/>.
/// </summary>
/// <remarks>
/// Each item: u16 total size (8 + data, rounded up to 8), u16 type, u16 linkage (bit 0: another item follows), u16 data size, data (docs: ETL format notes, section 2.3).
/// </remarks>
public readonly ref struct EtlExtendedItems
{
    private const int ItemHeaderLength = 8;
    private readonly ReadOnlySpan<byte> _bytes;

    internal EtlExtendedItems(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => !GetEnumerator().MoveNext();

    /// <summary>Begins an enumeration.</summary>
    public Enumerator GetEnumerator() => new(_bytes);

    /// <summary>The data of the first item of a type.</summary>
    /// <returns>False if there is none.</returns>
    public bool TryGet(EtlExtendedItemType type, out ReadOnlySpan<byte> data)
    {
        foreach (EtlExtendedItem item in this)
        {
            if (item.Type == type)
            {
                data = item.Data;
                return true;
            }
        }

        data = default;
        return false;
    }

    /// <summary>The call stack of the event, where one was recorded with it.</summary>
    /// <param name="stack">The return addresses, innermost first.</param>
    /// <param name="matchId">Of a provider in user mode: the same number as that of the kernel part, which an event of its own tells later. Else 0.</param>
    /// <returns>False if there is none, or it is too short to be one.</returns>
    public bool TryGetStack(out EtlStack stack, out ulong matchId)
    {
        const int MatchIdLength = sizeof(ulong);
        foreach (EtlExtendedItem item in this)
        {
            if (item.Type is EtlExtendedItemType.StackTrace32 or EtlExtendedItemType.StackTrace64 && item.Data.Length >= MatchIdLength)
            {
                stack = new EtlStack(item.Data[MatchIdLength..], item.Type == EtlExtendedItemType.StackTrace64 ? 8 : 4);
                matchId = BinaryPrimitives.ReadUInt64LittleEndian(item.Data);
                return true;
            }
        }

        stack = default;
        matchId = 0;
        return false;
    }

    /// <summary>How many bytes the items at the start of <paramref name="bytes"/> take, or -1 if they do not fit.</summary>
    internal static int Measure(ReadOnlySpan<byte> bytes)
    {
        Enumerator items = new(bytes);
        while (items.MoveNext())
        {
        }

        return items.Consumed;
    }

    /// <summary>Walks the items.</summary>
    public ref struct Enumerator
    {
        private readonly ReadOnlySpan<byte> _bytes;
        private int _next;
        private bool _another;

        internal Enumerator(ReadOnlySpan<byte> bytes)
        {
            _bytes = bytes;
            _another = bytes.Length > 0;
        }

        /// <summary>The item reached.</summary>
        public EtlExtendedItem Current { get; private set; }

        /// <summary>Bytes walked over, or -1 once an item did not fit.</summary>
        internal int Consumed => _next;

        /// <summary>Goes to the next item.</summary>
        public bool MoveNext()
        {
            if (!_another)
            {
                return false;
            }

            ReadOnlySpan<byte> rest = _bytes[_next..];
            if (rest.Length < ItemHeaderLength)
            {
                return Malformed();
            }

            int total = BinaryPrimitives.ReadUInt16LittleEndian(rest);
            int dataLength = BinaryPrimitives.ReadUInt16LittleEndian(rest[6..]);
            if (total < ItemHeaderLength + dataLength || total > rest.Length)
            {
                return Malformed();
            }

            Current = new EtlExtendedItem(
                (EtlExtendedItemType)BinaryPrimitives.ReadUInt16LittleEndian(rest[2..]), rest.Slice(ItemHeaderLength, dataLength));
            _another = (BinaryPrimitives.ReadUInt16LittleEndian(rest[4..]) & 1) != 0;
            _next += total;
            return true;
        }

        private bool Malformed()
        {
            _another = false;
            _next = -1;
            return false;
        }
    }
}
