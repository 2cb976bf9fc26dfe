using System.Collections.Generic;
using System.Linq;
using Tracing.Manifest.Model;

namespace Tracing.Manifest.Emitting;

/// <summary>
/// Emits the writers of the events that share a payload: the fixed part is a packed struct on the stack, given to EtwWrite in one piece,
/// each string in a piece of its own. Writers are not inlined: who has a disabled event pays for neither its code nor its stack.
/// </summary>
internal static class WriterEmitter
{
    internal static string Emit(EventManifest manifest, TemplateDefinition template, string prefix)
    {
        PayloadLayout layout = new(template);
        SourceWriter writer = DriverEmitter.NewWriter();
        writer.Line();
        writer.Open($"internal static unsafe partial class {prefix}Events");
        writer.Line("/// <summary>The fixed part of the payload, packed as ETW wants it.</summary>");
        writer.Line("[StructLayout(LayoutKind.Sequential, Pack = 1)]");
        writer.Open($"private struct {template.Name}Payload");
        foreach (FieldPlace place in layout.Fixed)
        {
            writer.Line($"internal {TypeOf(place.Field)} {place.Field.Name};");
        }

        writer.Close();
        foreach (EventDefinition @event in manifest.EventsOf(template))
        {
            EmitEvent(writer, manifest, template, @event);
        }

        EmitPayload(writer, template, layout);
        writer.Close();
        return writer.ToString();
    }

    private static void EmitEvent(SourceWriter writer, EventManifest manifest, TemplateDefinition template, EventDefinition @event)
    {
        writer.Summary(
            $"{SourceWriter.Escape(@event.Documentation)} Ask <see cref=\"Is{@event.Name}Enabled\"/> first. IRQL: any; strings must be "
            + "resident above APC_LEVEL.");
        Parameters(writer, template, "registration", "The handle that EtwRegister gave.");
        writer.Line(
            "/// <returns>The NTSTATUS of EtwWrite; an event that could not be written is counted as lost by the session.</returns>");
        writer.Line("[MethodImpl(MethodImplOptions.NoInlining)]");
        writer.Open($"internal static int Write{@event.Name}(ulong registration, {Declarations(template)})");
        writer.Line("EventDescriptor descriptor = default;");
        writer.Line($"descriptor.Id = {@event.Id};");
        writer.Line($"descriptor.Version = {@event.Version};");
        writer.Line($"descriptor.Level = {manifest.LevelOf(@event)};");
        writer.Line($"descriptor.Opcode = {manifest.OpcodeOf(@event)};");
        writer.Line($"descriptor.Task = {manifest.TaskOf(@event)};");
        writer.Line($"descriptor.Keyword = 0x{manifest.KeywordMask(@event):X};");
        writer.Line($"return Write{template.Name}Payload(registration, &descriptor, {string.Join(", ", ParameterNames(template))});");
        writer.Close();
    }

    private static void EmitPayload(SourceWriter writer, TemplateDefinition template, PayloadLayout layout)
    {
        writer.Line();
        writer.Open(
            $"private static int Write{template.Name}Payload(ulong registration, EventDescriptor* descriptor, {Declarations(template)})");
        writer.Line($"{template.Name}Payload payload;");
        foreach (FieldPlace place in layout.Fixed)
        {
            writer.Line($"payload.{place.Field.Name} = {Name(place.Field)};");
        }

        int pieces = 1 + layout.Strings.Count;
        if (layout.Strings.Count > 0)
        {
            writer.Line("char nothing = '\\0';");
        }

        writer.Line($"EventDataDescriptor* pieces = stackalloc EventDataDescriptor[{pieces}];");
        Piece(writer, 0, "(ulong)&payload", $"(uint)sizeof({template.Name}Payload)");
        for (int index = 0; index < layout.Strings.Count; index++)
        {
            string text = Name(layout.Strings[index]);
            string length = LengthName(layout.Strings[index]);
            string size = $"{text} == null ? sizeof(char) : ((uint){length} + 1) * sizeof(char)";
            Piece(writer, index + 1, $"(ulong)({text} == null ? &nothing : {text})", size);
        }

        writer.Line($"return Kernel.EtwWrite(registration, descriptor, null, {pieces}, pieces);");
        writer.Close();
    }

    private static void Piece(SourceWriter writer, int index, string address, string size)
    {
        writer.Line($"pieces[{index}].Ptr = {address};");
        writer.Line($"pieces[{index}].Size = {size};");
        writer.Line($"pieces[{index}].Reserved = 0;");
    }

    private static void Parameters(SourceWriter writer, TemplateDefinition template, string first, string meaning)
    {
        writer.Parameter(first, meaning);
        foreach (FieldDefinition field in template.Fields)
        {
            string ending = field.Type.IsString ? " Ends with a zero character; null for none." : "";
            writer.Parameter(Name(field), SourceWriter.Escape(field.Documentation) + ending);
            if (field.Type.IsString)
            {
                writer.Parameter(LengthName(field), "Its characters, the zero at the end not counted.");
            }
        }
    }

    private static string Declarations(TemplateDefinition template) => string.Join(", ", template.Fields.SelectMany<FieldDefinition, string>(
        field => field.Type.IsString ? [$"char* {Name(field)}", $"int {LengthName(field)}"] : [$"{TypeOf(field)} {Name(field)}"]));

    private static IEnumerable<string> ParameterNames(TemplateDefinition template) => template.Fields.SelectMany<FieldDefinition, string>(
        field => field.Type.IsString ? [Name(field), LengthName(field)] : [Name(field)]);

    private static string Name(FieldDefinition field) => CSharpNames.Parameter(field.Name);

    private static string LengthName(FieldDefinition text) => CSharpNames.Parameter(text.Name + "Length");

    private static string TypeOf(FieldDefinition field) => field.Map.Length > 0 ? field.Map : field.Type.DriverType;
}
