using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tracing.Etl;
using Tracing.Events;

namespace Tracing.Cli;

/// <summary>Formats events as JSON, a line each, into buffers of its own that are used again.</summary>
internal sealed class EventJson : IDisposable
{
    private readonly EtlClock _clock;
    private readonly ArrayBufferWriter<byte> _line = new();
    private readonly Utf8JsonWriter _json;

    public EventJson(EtlClock clock)
    {
        _clock = clock;

        // The default encoder escapes what is not ASCII, so that text of a trace drives no terminal.
        _json = new Utf8JsonWriter(_line, new JsonWriterOptions { Encoder = JavaScriptEncoder.Default });
    }

    /// <summary>The line for a record, without an end of line. Valid until the next call.</summary>
    /// <param name="record">The record.</param>
    /// <param name="stack">Its stack in words; null where stacks are not asked for.</param>
    public ReadOnlySpan<byte> Format(in EtlRecord record, IReadOnlyList<string>? stack)
    {
        _line.ResetWrittenCount();
        _json.Reset();
        Guid provider = record.ProviderId;
        _json.WriteStartObject();
        _json.WriteNumber("timeNs", _clock.ToRelativeNanoseconds(record.Time));
        _json.WriteString("timeUtc", _clock.ToUtc(record.Time));
        _json.WriteNumber("cpu", record.Processor);
        _json.WriteNumber("process", record.ProcessId);
        _json.WriteNumber("thread", record.ThreadId);
        _json.WriteString("provider", ProviderNames.NameOrGuid(provider));
        EventDescription? known = record.Kind == EtlRecordKind.Event && provider == KMutexProvider.Id ? KMutexEventTable.Find(record.Id) : null;
        if (known is not null)
        {
            _json.WriteString("event", known.Name);
        }

        _json.WriteNumber("id", record.Id);
        _json.WriteNumber("opcode", record.Opcode);
        _json.WriteNumber("version", record.Version);
        if (known is not null)
        {
            WriteFields(known, record);
        }
        else
        {
            _json.WriteString("payload", Convert.ToHexStringLower(record.Payload));
        }

        if (stack is { Count: > 0 })
        {
            _json.WriteStartArray("stack");
            foreach (string frame in stack)
            {
                _json.WriteStringValue(frame);
            }

            _json.WriteEndArray();
        }

        _json.WriteEndObject();
        _json.Flush();
        return _line.WrittenSpan;
    }

    public void Dispose() => _json.Dispose();

    private void WriteFields(EventDescription description, in EtlRecord record)
    {
        _json.WriteStartObject("fields");
        EventFieldReader reader = new(description, record.Payload, record.PointerSize);
        while (reader.MoveNext())
        {
            EventFieldValue value = reader.Current;
            if (value.Field.Type == EventFieldType.UnicodeString)
            {
                _json.WriteString(value.Field.Name, value.Text);
            }
            else if (value.Field.Type == EventFieldType.Guid || value.Field.Map is not null || value.Field.IsHexadecimal)
            {
                _json.WriteString(value.Field.Name, value.ToString());
            }
            else
            {
                _json.WriteNumber(value.Field.Name, value.Number);
            }
        }

        _json.WriteEndObject();
        if (reader.IsCutShort)
        {
            _json.WriteBoolean("cutShort", true);
        }
    }
}
