using System.Xml;
using System.Xml.Linq;
using System.Xml.Schema;
using Tracing.Manifest.Model;

namespace Tracing.Manifest.Tests;

/// <summary>The manifest against what Microsoft publishes about manifests: the schema, and the table of standard names.</summary>
public sealed class SchemaTests
{
    private static readonly XNamespace Events = "http://schemas.microsoft.com/win/2004/08/events";

    [Fact]
    public void The_manifest_is_valid_against_the_schema_of_the_SDK() => Assert.Empty(Violations(Sources.ManifestText));

    [Theory]
    [InlineData("tid=\"MutexFreed\"", "")]
    [InlineData("mask=\"0x02\"", "mask=\"two\"")]
    [InlineData("guid=\"{", "guid=\"{0")]
    [InlineData("<tasks>", "<jobs/><tasks>")]
    public void The_schema_is_really_applied(string sound, string broken)
    {
        Assert.Contains(sound, Sources.ManifestText, StringComparison.Ordinal);
        Assert.NotEmpty(Violations(Sources.ManifestText.Replace(sound, broken, StringComparison.Ordinal)));
    }

    [Fact]
    public void Standard_levels_and_opcodes_have_the_numbers_of_winmeta()
    {
        XDocument standard = XDocument.Load(Sources.StandardNamesPath);
        Dictionary<string, uint> levels = Numbers(standard, "level");
        Dictionary<string, uint> opcodes = Numbers(standard, "opcode");
        Assert.All(StandardNames.Levels, level => Assert.Equal(levels[level.Key], level.Value));
        Assert.All(StandardNames.Opcodes, opcode => Assert.Equal(opcodes[opcode.Key], opcode.Value));
    }

    [Fact]
    public void Each_type_of_a_field_is_in_winmeta_with_the_ways_it_is_shown()
    {
        XDocument standard = XDocument.Load(Sources.StandardNamesPath);
        foreach (FieldType type in Sources.Manifest.Templates.SelectMany(template => template.Fields).Select(field => field.Type).Distinct())
        {
            XElement inType = Assert.Single(standard.Descendants(Events + "inType"), element => (string?)element.Attribute("name") == type.InType);
            HashSet<string> shown = [.. inType.Elements(Events + "outType").Select(element => (string)element.Attribute("xmlType")!)];
            XElement own = Assert.Single(inType.Elements(Events + "outType"), element => (string?)element.Attribute("default") == "true");
            Assert.Subset(shown, type.OutTypes.ToHashSet());
            Assert.Equal((string?)own.Attribute("xmlType"), type.OutTypes[0]);
        }
    }

    private static List<string> Violations(string manifest)
    {
        XmlSchemaSet schemas = new();
        schemas.Add(null, Sources.SchemaPath);
        List<string> violations = [];
        XmlReaderSettings settings = new() { Schemas = schemas, ValidationType = ValidationType.Schema };
        settings.ValidationFlags |= XmlSchemaValidationFlags.ReportValidationWarnings;
        settings.ValidationEventHandler += (_, violation) => violations.Add($"line {violation.Exception.LineNumber}: {violation.Message}");
        using XmlReader reader = XmlReader.Create(new StringReader(manifest), settings);
        while (reader.Read())
        {
        }

        return violations;
    }

    private static Dictionary<string, uint> Numbers(XDocument standard, string element) =>
        standard.Descendants(Events + element).ToDictionary(entry => (string)entry.Attribute("name")!, entry => (uint)entry.Attribute("value")!);
}
