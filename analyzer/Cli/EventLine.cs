using System.Globalization;
using Tracing.Etl;
using Tracing.Events;

namespace Tracing.Cli;

/// <summary>Formats events as lines, into a buffer of its own that is used again: a dump allocates nothing per event.</summary>
internal sealed class EventLine(EtlClock clock)
{
    private const int HexBytes = 24;
    private const int LongestBuffer = 1 << 20;

    // More than any of the fixed texts with their numbers takes.
    private const int ShortText = 96;

    private char[] _buffer = new char[1024];
    private int _length;

    private Span<char> Free => _buffer.AsSpan(_length);

    /// <summary>The line for a record, without an end of line. Valid until the next call.</summary>
    public ReadOnlySpan<char> Format(in EtlRecord record)
    {
        _length = 0;
        Guid provider = record.ProviderId;
        AppendTime(clock.ToRelativeNanoseconds(record.Time));
        Room(ShortText);
        Wrote(Free.TryWrite(CultureInfo.InvariantCulture, $"  {record.Processor,3}  {record.ProcessId,6}/{record.ThreadId,-6}  ", out int length), length);
        Append(ProviderNames.NameOrGuid(provider));
        EventDescription? known = record.Kind == EtlRecordKind.Event && provider == KMutexProvider.Id ? KMutexEventTable.Find(record.Id) : null;
        if (known is not null)
        {
            Append("/");
            Append(known.Name);
            Append("  ");
            AppendFields(known, record);
        }
        else
        {
            AppendIdentity(record);
            AppendBytes(record.Payload);
        }

        return _buffer.AsSpan(0, _length);
    }

    /// <summary>Microseconds with all digits of the clock, so wide that a day of them stays aligned.</summary>
    private void AppendTime(long nanoseconds)
    {
        ulong magnitude = nanoseconds < 0 ? (ulong)-(nanoseconds + 1) + 1 : (ulong)nanoseconds;
        Span<char> number = stackalloc char[32];
        number.TryWrite(CultureInfo.InvariantCulture, $"{(nanoseconds < 0 ? "-" : "")}{magnitude / 1000}.{magnitude % 1000:000}", out int length);
        const int Width = 16;
        Room(Width + length);
        int padding = Math.Max(0, Width - length);
        _buffer.AsSpan(_length, padding).Fill(' ');
        _length += padding;
        Append(number[..length]);
    }

    private void AppendIdentity(in EtlRecord record)
    {
        bool hasId = record.Kind is EtlRecordKind.Event or EtlRecordKind.Message;
        Append(hasId ? "/" : "/opcode ");
        Room(ShortText);
        Wrote(Free.TryWrite(CultureInfo.InvariantCulture, $"{(hasId ? record.Id : record.Opcode)} v{record.Version}", out int length), length);
    }

    private void AppendBytes(ReadOnlySpan<byte> payload)
    {
        Room(ShortText);
        Wrote(Free.TryWrite(CultureInfo.InvariantCulture, $"  {payload.Length} bytes", out int length), length);
        if (payload.IsEmpty)
        {
            return;
        }

        Append(": ");
        ReadOnlySpan<byte> shown = payload[..Math.Min(payload.Length, HexBytes)];
        Room(shown.Length * 2);
        Convert.TryToHexStringLower(shown, _buffer.AsSpan(_length), out int written);
        _length += written;
        if (shown.Length < payload.Length)
        {
            Append("..");
        }
    }

    private void AppendFields(EventDescription description, in EtlRecord record)
    {
        int written;
        while (!EventListing.TryFormat(description, record.Payload, record.PointerSize, _buffer.AsSpan(_length), out written))
        {
            // The longest payload is 64 KiB, and no character of it becomes more than a handful: a bound that a listing cannot reach.
            if (_buffer.Length >= LongestBuffer)
            {
                Append("(too long to show)");
                return;
            }

            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        _length += written;
    }

    private void Append(ReadOnlySpan<char> text)
    {
        Room(text.Length);
        text.CopyTo(_buffer.AsSpan(_length));
        _length += text.Length;
    }

    private void Wrote(bool fitted, int length) =>
        _length += fitted ? length : throw new InvalidOperationException($"A text of the line takes more than {ShortText} characters; this is an error of kmutex.");

    private void Room(int more)
    {
        if (_buffer.Length - _length < more)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + more));
        }
    }
}
