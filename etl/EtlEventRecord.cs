using System.Buffers.Binary;
using Tracing.Etl.Format;

namespace Tracing.Etl;

/// <summary>
/// Lays out EVENT_HEADER records, as manifest providers write them, in a session's buffer. Allocates nothing; safe to use from any thread on memory of its own.
/// </summary>
/// <remarks>Layout: docs, ETL format notes, section 2.3. Records begin at multiples of 8 bytes; what a record leaves free of its last 8 is written as 0.</remarks>
public static class EtlEventRecord
{
    /// <summary>Bytes before the payload.</summary>
    public const int HeaderLength = RecordHeader.EventLength;

    /// <summary>Most bytes of payload: a record's size is 16 bits, header included.</summary>
    public const int MaximumPayload = ushort.MaxValue - HeaderLength;

    /// <summary>Bytes that a record takes in a buffer, padding included.</summary>
    public static int MeasureLength(int payloadLength) => (HeaderLength + payloadLength + 7) & ~7;

    /// <summary>Writes a record.</summary>
    /// <param name="destination">The free part of a buffer, beginning at a multiple of 8 bytes.</param>
    /// <param name="header">The event's fields.</param>
    /// <param name="payload">The event's data.</param>
    /// <param name="bytesWritten">Bytes taken, padding included; 0 if nothing was written.</param>
    /// <returns>False if it does not fit <paramref name="destination"/>, or the payload is longer than <see cref="MaximumPayload"/>.</returns>
    public static bool TryWrite(Span<byte> destination, in EtlEventHeader header, ReadOnlySpan<byte> payload, out int bytesWritten)
    {
        bool fits = TryReserve(destination, header, payload.Length, out Span<byte> room, out bytesWritten);
        if (fits)
        {
            payload.CopyTo(room);
        }

        return fits;
    }

    /// <summary>Writes a record without its payload, which the caller then fills in: for payloads that are in several places.</summary>
    /// <param name="destination">The free part of a buffer, beginning at a multiple of 8 bytes.</param>
    /// <param name="header">The event's fields.</param>
    /// <param name="payloadLength">How long the payload is going to be.</param>
    /// <param name="payload">Where the payload goes: a part of <paramref name="destination"/>, of that length, content undefined.</param>
    /// <param name="bytesWritten">Bytes taken, payload and padding included; 0 if nothing was written.</param>
    /// <returns>False if it does not fit <paramref name="destination"/>, or the payload is longer than <see cref="MaximumPayload"/>.</returns>
    public static bool TryReserve(Span<byte> destination, in EtlEventHeader header, int payloadLength, out Span<byte> payload, out int bytesWritten)
    {
        payload = default;
        bytesWritten = 0;
        if ((uint)payloadLength > MaximumPayload || MeasureLength(payloadLength) > destination.Length)
        {
            return false;
        }

        bytesWritten = MeasureLength(payloadLength);
        int size = HeaderLength + payloadLength;
        destination[size..bytesWritten].Clear();
        payload = destination[HeaderLength..size];
        Span<byte> record = destination[..HeaderLength];
        BinaryPrimitives.WriteUInt16LittleEndian(record, (ushort)size);
        record[2] = header.Is32Bit ? RecordHeader.Event32 : RecordHeader.Event64;
        record[3] = RecordHeader.TypedFlags;
        BinaryPrimitives.WriteUInt16LittleEndian(record[4..], 0);
        BinaryPrimitives.WriteUInt16LittleEndian(record[6..], header.EventProperty);
        BinaryPrimitives.WriteInt32LittleEndian(record[8..], header.ThreadId);
        BinaryPrimitives.WriteInt32LittleEndian(record[12..], header.ProcessId);
        BinaryPrimitives.WriteInt64LittleEndian(record[16..], header.Time);
        header.ProviderId.TryWriteBytes(record[24..]);
        BinaryPrimitives.WriteUInt16LittleEndian(record[40..], header.Id);
        record[42] = header.Version;
        record[43] = header.Channel;
        record[44] = header.Level;
        record[45] = header.Opcode;
        BinaryPrimitives.WriteUInt16LittleEndian(record[46..], header.Task);
        BinaryPrimitives.WriteUInt64LittleEndian(record[48..], header.Keyword);
        BinaryPrimitives.WriteUInt32LittleEndian(record[56..], header.KernelTime);
        BinaryPrimitives.WriteUInt32LittleEndian(record[60..], header.UserTime);
        header.ActivityId.TryWriteBytes(record[64..]);
        return true;
    }
}
