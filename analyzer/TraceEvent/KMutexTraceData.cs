using System.Text;
using System.Xml;
using Microsoft.Diagnostics.Tracing;

namespace Tracing.Parsers;

/// <summary>
/// What all events of the driver have in common for a subscriber of <see cref="KMutexTraceEventParser"/>: a view of the event that TraceEvent is dispatching. Nothing is
/// allocated for it, but for texts that are asked for.
/// </summary>
public abstract class KMutexTraceData : TraceEvent
{
    private protected KMutexTraceData(int id, int task, string taskName, int opcode, string opcodeName)
        : base(id, task, taskName, Guid.Empty, opcode, opcodeName, KMutexTraceEventParser.ProviderGuid, KMutexTraceEventParser.ProviderName)
    {
    }

    /// <summary>
    /// Whether the payload has all fields. A trace may hold anything: the fields of an event for which this is false read as 0 or empty, and
    /// <see cref="PayloadValue"/> as null.
    /// </summary>
    public abstract bool IsWhole { get; }

    // SAFETY: TraceEvent keeps EventDataLength bytes at DataStart for as long as the event is dispatched, and a clone keeps a copy of its own.
    internal unsafe ReadOnlySpan<byte> Payload => new((void*)DataStart, EventDataLength);

    /// <summary>A field by its place in <see cref="TraceEvent.PayloadNames"/>: unsigned numbers, enums, GUIDs and strings, as the property of the same name gives it.</summary>
    /// <returns>Null where the payload is cut short.</returns>
    public override object? PayloadValue(int index) => IsWhole ? FieldValue(index) : null;

    /// <summary>The event as an XML element. Characters that XML cannot hold become U+FFFD.</summary>
    public override StringBuilder ToXml(StringBuilder sb)
    {
        Prefix(sb);
        for (int i = 0; i < PayloadNames.Length; i++)
        {
            XmlAttrib(sb, PayloadNames[i], Legible(PayloadString(i)));
        }

        return sb.Append("/>");
    }

    private static string Legible(string text)
    {
        StringBuilder? legible = null;
        for (int i = 0; i < text.Length; i++)
        {
            if (XmlConvert.IsXmlChar(text[i]))
            {
                continue;
            }

            if (i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i]))
            {
                i++;
                continue;
            }

            legible ??= new StringBuilder(text);
            legible[i] = '\uFFFD';
        }

        return legible?.ToString() ?? text;
    }

    /// <summary>A field of a payload that is whole.</summary>
    private protected abstract object FieldValue(int index);
}
