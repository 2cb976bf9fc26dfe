using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml;
using System.Xml.Linq;
using Tracing.Manifest.Model;

namespace Tracing.Manifest.Reading;

/// <summary>
/// Reads the text of an instrumentation manifest. It takes what is written and reports what it cannot read; whether the parts fit together
/// is the validator's business. What this generator does not support (channels, own levels, structs, arrays) is reported, never skipped.
/// Never throws for bad text. Source of the format: eventman.xsd of the Windows SDK.
/// </summary>
public sealed class ManifestReader
{
    private readonly List<ManifestProblem> _problems = [];

    private ManifestReader()
    {
    }

    /// <summary>Reads a manifest.</summary>
    /// <param name="text">The text of the file.</param>
    /// <param name="problems">What is wrong with it; empty when all could be read.</param>
    /// <returns>The manifest, with empty strings and zeros where something could not be read; null when it is no manifest at all.</returns>
    public static EventManifest? Read(string text, out IReadOnlyList<ManifestProblem> problems)
    {
        ManifestReader reader = new();
        problems = reader._problems;
        try
        {
            XmlReaderSettings settings = new() { DtdProcessing = DtdProcessing.Prohibit };
            using XmlReader xml = XmlReader.Create(new StringReader(text), settings);
            return reader.ReadDocument(XDocument.Load(xml, LoadOptions.SetLineInfo));
        }
        catch (XmlException broken)
        {
            SourcePosition position = new(broken.LineNumber, broken.LinePosition);
            reader._problems.Add(new ManifestProblem(position, $"The manifest is not well-formed XML: {broken.Message}"));
            return null;
        }
    }

    private EventManifest? ReadDocument(XDocument document)
    {
        XElement root = document.Root!;
        if (root.Name != ManifestNames.Root)
        {
            Report(root, $"The root element is '{root.Name}', expected '{ManifestNames.Root}'.");
            return null;
        }

        List<XElement> providers = [.. root.Descendants(ManifestNames.Provider)];
        if (providers.Count != 1)
        {
            Report(providers.Count == 0 ? root : providers[1], $"The manifest has {providers.Count} providers, expected exactly one.");
            return null;
        }

        XElement provider = providers[0];
        ReportUnsupported(provider, ManifestNames.ProviderParts);
        return new EventManifest(
            ReadProvider(provider),
            [.. Parts(provider, "keywords", "keyword").Select(ReadKeyword)],
            [.. Parts(provider, "tasks", "task").Select(ReadTask)],
            [.. Parts(provider, "opcodes", "opcode").Select(ReadOpcode)],
            [.. Parts(provider, "maps", "valueMap", "bitMap").Select(ReadMap)],
            [.. Parts(provider, "templates", "template").Select(ReadTemplate)],
            [.. Parts(provider, "events", "event").Select(ReadEvent)],
            [.. root.Descendants(ManifestNames.String).Select(ReadString)]);
    }

    private ProviderDefinition ReadProvider(XElement element)
    {
        string id = Required(element, "guid");
        if (!Guid.TryParse(id, out Guid guid))
        {
            Report(element, $"The guid '{id}' is not a GUID.");
        }

        return new ProviderDefinition(
            Required(element, "name"), guid, Required(element, "symbol"), Required(element, "resourceFileName"),
            Required(element, "messageFileName"), StringId(element), PositionOf(element));
    }

    private KeywordDefinition ReadKeyword(XElement element) => new(
        Required(element, "name"), Number(element, "mask", ulong.MaxValue), Required(element, "symbol"), StringId(element),
        Documentation(element), PositionOf(element));

    private TaskDefinition ReadTask(XElement element) => new(
        Required(element, "name"), (uint)Number(element, "value", ushort.MaxValue), Required(element, "symbol"), StringId(element),
        Documentation(element), PositionOf(element));

    private OpcodeDefinition ReadOpcode(XElement element) => new(
        Required(element, "name"), (uint)Number(element, "value", byte.MaxValue), Required(element, "symbol"), StringId(element),
        PositionOf(element));

    private MapDefinition ReadMap(XElement element)
    {
        ReportUnsupported(element, ["map"]);
        return new MapDefinition(
            Required(element, "name"), element.Name.LocalName == "bitMap", Required(element, "symbol"),
            [.. element.Elements(ManifestNames.Events + "map").Select(ReadMapValue)], PositionOf(element));
    }

    private MapValueDefinition ReadMapValue(XElement element) => new(
        (uint)Number(element, "value", uint.MaxValue), Required(element, "symbol"), StringId(element),
        Documentation(element), PositionOf(element));

    private TemplateDefinition ReadTemplate(XElement element)
    {
        ReportUnsupported(element, ["data"]);
        return new TemplateDefinition(
            Required(element, "tid"), [.. element.Elements(ManifestNames.Events + "data").Select(ReadField)], PositionOf(element));
    }

    private FieldDefinition ReadField(XElement element)
    {
        foreach (XAttribute array in element.Attributes().Where(attribute => attribute.Name.LocalName is "length" or "count"))
        {
            Report(array, $"A field with '{array.Name.LocalName}' is an array: this generator reads single values only.");
        }

        return new FieldDefinition(
            Required(element, "name"), Required(element, "inType"), Optional(element, "outType"), Optional(element, "map"),
            Documentation(element), PositionOf(element));
    }

    private EventDefinition ReadEvent(XElement element)
    {
        if (element.Attribute("channel") is { } channel)
        {
            Report(channel, "A channel adds its own bit to the keyword of an event: this generator does not support channels.");
        }

        return new EventDefinition(
            (uint)Number(element, "value", ushort.MaxValue),
            (uint)Number(element, "version", byte.MaxValue),
            Required(element, "name"),
            Required(element, "symbol"),
            Required(element, "level"),
            Required(element, "keywords").Split([' '], StringSplitOptions.RemoveEmptyEntries),
            Required(element, "task"),
            Required(element, "opcode"),
            Required(element, "template"),
            StringId(element),
            Documentation(element),
            PositionOf(element));
    }

    private StringDefinition ReadString(XElement element) => new(Required(element, "id"), Required(element, "value"), PositionOf(element));

    private static IEnumerable<XElement> Parts(XElement provider, string list, params string[] names) =>
        provider.Elements(ManifestNames.Events + list).Elements().Where(part => names.Contains(part.Name.LocalName));

    private void ReportUnsupported(XElement parent, string[] supported)
    {
        foreach (XElement child in parent.Elements().Where(child => !supported.Contains(child.Name.LocalName)))
        {
            Report(child, $"The element '{child.Name.LocalName}' is not supported here, expected one of: {string.Join(", ", supported)}.");
        }
    }

    private string Required(XElement element, string name)
    {
        if (element.Attribute(name) is { } attribute)
        {
            return attribute.Value;
        }

        Report(element, $"The element '{element.Name.LocalName}' lacks the attribute '{name}'.");
        return "";
    }

    private static string Optional(XElement element, string name) => element.Attribute(name)?.Value ?? "";

    private ulong Number(XElement element, string name, ulong greatest)
    {
        string text = Required(element, name);
        if (ManifestNumber.TryParse(text, out ulong value) && value <= greatest)
        {
            return value;
        }

        if (text.Length > 0)
        {
            Report(element, $"The {name} '{text}' is not a number from 0 to {greatest} (decimal, or hexadecimal after 0x).");
        }

        return 0;
    }

    private string StringId(XElement element)
    {
        const string Prefix = "$(string.";
        string message = Required(element, "message");
        if (message.StartsWith(Prefix, StringComparison.Ordinal) && message.EndsWith(")", StringComparison.Ordinal))
        {
            return message.Substring(Prefix.Length, message.Length - Prefix.Length - 1);
        }

        if (message.Length > 0)
        {
            Report(element, $"The message '{message}' is not a reference of the form '$(string.id)'.");
        }

        return "";
    }

    private static string Documentation(XElement element) =>
        string.Concat(element.Nodes().OfType<XText>().Select(text => text.Value)).Trim();

    private static SourcePosition PositionOf(IXmlLineInfo place) => new(place.LineNumber, place.LinePosition);

    private void Report(IXmlLineInfo place, string message) => _problems.Add(new ManifestProblem(PositionOf(place), message));
}
