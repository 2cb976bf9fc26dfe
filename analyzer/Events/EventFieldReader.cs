using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Tracing.Events;

/// <summary>
/// Walks the fields of a payload one by one, guided by the table instead of by a type: for code that treats all events alike, such as
/// listings. Who wants a certain event reads its payload type, which is faster and typed.
/// </summary>
/// <remarks>
/// Use: <c>while (reader.MoveNext()) { … reader.Current … }</c>. The walk ends at the first field that the payload has no room for, and
/// <see cref="IsCutShort"/> then says so; it never throws. Bytes after the last field, which a later version may have, are passed over.
/// </remarks>
public ref struct EventFieldReader
{
    private readonly IReadOnlyList<EventField> _fields;
    private readonly int _pointerSize;
    private ReadOnlySpan<byte> _rest;
    private int _next;

    /// <summary>Starts before the first field.</summary>
    /// <param name="description">The event.</param>
    /// <param name="payload">The bytes of the event after its header and extended items.</param>
    /// <param name="pointerSize">Bytes of a pointer in the event; anything but 4 and 8 ends the walk at the first pointer.</param>
    public EventFieldReader(EventDescription description, ReadOnlySpan<byte> payload, int pointerSize)
    {
        ArgumentNullException.ThrowIfNull(description);
        _fields = description.Fields;
        _pointerSize = pointerSize;
        _rest = payload;
    }

    /// <summary>The field that <see cref="MoveNext"/> came to.</summary>
    public EventFieldValue Current { get; private set; }

    /// <summary>Whether the payload ended before its last field, or a string in it had no end.</summary>
    public bool IsCutShort { get; private set; }

    /// <summary>Goes to the next field.</summary>
    /// <returns>False after the last one, and where the payload is cut short.</returns>
    public bool MoveNext()
    {
        if (IsCutShort || _next == _fields.Count)
        {
            return false;
        }

        EventField field = _fields[_next];
        int size = SizeOf(field.Type);
        if (size < 0 || size > _rest.Length)
        {
            IsCutShort = true;
            return false;
        }

        Current = Read(field, _rest[..size]);
        _rest = _rest[size..];
        _next++;
        return true;
    }

    /// <summary>Bytes that the field takes, or -1 when that cannot be told.</summary>
    private readonly int SizeOf(EventFieldType type) => type switch
    {
        EventFieldType.UInt8 => 1,
        EventFieldType.UInt16 => 2,
        EventFieldType.UInt32 => 4,
        EventFieldType.UInt64 => 8,
        EventFieldType.Pointer => _pointerSize is 4 or 8 ? _pointerSize : -1,
        EventFieldType.Guid => 16,
        EventFieldType.UnicodeString => MemoryMarshal.Cast<byte, char>(_rest).IndexOf('\0') is >= 0 and int end ? (end + 1) * sizeof(char) : -1,
        _ => -1,
    };

    private static EventFieldValue Read(EventField field, ReadOnlySpan<byte> bytes) => field.Type switch
    {
        EventFieldType.Guid => new EventFieldValue(field, new Guid(bytes)),
        EventFieldType.UnicodeString => new EventFieldValue(field, MemoryMarshal.Cast<byte, char>(bytes)[..^1]),
        _ => new EventFieldValue(field, bytes.Length switch
        {
            1 => bytes[0],
            2 => BinaryPrimitives.ReadUInt16LittleEndian(bytes),
            4 => BinaryPrimitives.ReadUInt32LittleEndian(bytes),
            _ => BinaryPrimitives.ReadUInt64LittleEndian(bytes),
        }),
    };
}
