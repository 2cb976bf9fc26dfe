using System.Linq;
using Tracing.Manifest.Model;

namespace Tracing.Manifest.Emitting;

/// <summary>Emits what a subscriber of the TraceEvent parser is given for one payload: a property per field, read from the event's bytes each time it is asked for.</summary>
internal static class TraceDataEmitter
{
    // What TraceEvent itself has for every event: a field of the same name must not hide it, for a reader of TraceEvent means the header's.
    private static readonly string[] TakenNames =
    [
        "ActivityID", "Channel", "ContainerID", "EventDataLength", "EventIndex", "EventName", "FormattedMessage", "ID", "IsWhole", "Keywords", "Level", "Opcode", "OpcodeName",
        "PayloadNames", "PointerSize", "ProcessID", "ProcessName", "ProcessorNumber", "ProviderGuid", "ProviderName", "RelatedActivityID", "Source", "Task", "TaskGuid",
        "TaskName", "ThreadID", "TimeStamp", "TimeStampRelativeMSec", "Version",
    ];

    internal static string Emit(EventManifest manifest, TemplateDefinition template, string prefix, string @namespace)
    {
        string name = template.Name + "TraceData";
        string payload = template.Name + "Payload";
        string users = string.Join(", ", manifest.EventsOf(template).Select(user => $"<see cref=\"{prefix}TraceEventParser.{user.Name}\"/>"));
        SourceWriter writer = new(@namespace, "System", "Tracing.Events");
        writer.Summary($"The data of {users}.");
        writer.Line("/// <remarks>Where the payload is cut short, so that <see cref=\"IsWhole\"/> is false, numbers read as 0 and texts as empty.</remarks>");
        writer.Open($"public sealed class {name} : {prefix}TraceData");
        writer.Line("private static readonly string[] s_names =");
        writer.Line("[");
        foreach (FieldDefinition field in template.Fields)
        {
            writer.Line($"    {SourceWriter.Literal(field.Name)},");
        }

        writer.Line("];");
        writer.Line();
        writer.Line($"private Action<{name}>? _action;");
        writer.Line();
        writer.Line($"internal {name}(Action<{name}>? action, int id, int task, string taskName, int opcode, string opcodeName)");
        writer.Open("    : base(id, task, taskName, opcode, opcodeName)");
        writer.Line("_action = action;");
        writer.Close();
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Line("public override bool IsWhole => TryRead(out _);");
        foreach (FieldDefinition field in template.Fields)
        {
            writer.Summary(SourceWriter.Escape(field.Documentation));
            writer.Line(field.Type.IsString
                ? $"public string {PropertyOf(field)} => TryRead(out {payload} payload) ? payload.{field.Name}.ToString() : \"\";"
                : $"public {TypeOf(field)} {PropertyOf(field)} => TryRead(out {payload} payload) ? payload.{field.Name} : default;");
        }

        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Line("public override string[] PayloadNames => payloadNames ??= s_names;");
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Open("protected override Delegate? Target");
        writer.Line("get => _action;");
        writer.Line($"set => _action = (Action<{name}>?)value;");
        writer.Close();
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Line("private protected override object FieldValue(int index) => index switch");
        writer.Line("{");
        for (int i = 0; i < template.Fields.Count; i++)
        {
            writer.Line($"    {i} => {PropertyOf(template.Fields[i])},");
        }

        writer.Line($"    _ => throw new ArgumentOutOfRangeException(nameof(index), index, \"The event has {template.Fields.Count} fields.\"),");
        writer.Line("};");
        writer.Line();
        writer.Line("/// <inheritdoc/>");
        writer.Line("protected override void Dispatch() => _action?.Invoke(this);");
        writer.Line();
        writer.Line($"private bool TryRead(out {payload} payload) => {payload}.TryRead(Payload, PointerSize, (byte)Version, out payload);");
        writer.Close();
        return writer.ToString();
    }

    private static string PropertyOf(FieldDefinition field) => TakenNames.Contains(field.Name) ? "Payload" + field.Name : field.Name;

    private static string TypeOf(FieldDefinition field) => field.Map.Length > 0 ? field.Map : field.Type.DecodedType;
}
