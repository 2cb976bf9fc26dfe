using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using Tracing.Manifest.Model;
using Tracing.Manifest.Reading;

namespace Tracing.Manifest.Checking;

/// <summary>Names can be names of C#, everything that becomes documentation is documented, messages insert fields that exist.</summary>
internal static class TextRules
{
    /// <summary>What C# accepts as an identifier and .NET as a public name.</summary>
    private static readonly Regex PublicName = new("^[A-Z][A-Za-z0-9]*$", RegexOptions.CultureInvariant);

    /// <summary>An insert of the message compiler: a percent sign and the number of a field, from 1.</summary>
    private static readonly Regex Insert = new("%(?<field>[0-9]+)", RegexOptions.CultureInvariant);

    internal static IEnumerable<ManifestProblem> Check(EventManifest manifest) => Names(manifest).Concat(Documentation(manifest)).Concat(Messages(manifest));

    private static IEnumerable<ManifestProblem> Names(EventManifest manifest)
    {
        IEnumerable<(string What, string Name, SourcePosition Position)> names =
            manifest.Keywords.Select(keyword => ("keyword", keyword.Name, keyword.Position))
                .Concat(manifest.Maps.Select(map => ("map", map.Name, map.Position)))
                .Concat(manifest.Maps.SelectMany(map => map.Values).Select(value => ("map value", TextOrEmpty(manifest, value.Message), value.Position)))
                .Concat(manifest.Templates.Select(template => ("template", template.Name, template.Position)))
                .Concat(manifest.Templates.SelectMany(template => template.Fields).Select(field => ("field", field.Name, field.Position)))
                .Concat(manifest.Events.Select(@event => ("event", @event.Name, @event.Position)));
        return names.Where(name => !PublicName.IsMatch(name.Name)).Select(name =>
            new ManifestProblem(name.Position, $"The {name.What} has the name '{name.Name}', expected a capital letter and then letters and digits: it becomes a name in C#."));
    }

    private static IEnumerable<ManifestProblem> Documentation(EventManifest manifest)
    {
        IEnumerable<(string What, string Text, SourcePosition Position)> texts =
            manifest.Keywords.Select(keyword => ($"keyword {keyword.Name}", keyword.Documentation, keyword.Position))
                .Concat(manifest.Tasks.Select(task => ($"task {task.Name}", task.Documentation, task.Position)))
                .Concat(manifest.Maps.SelectMany(map => map.Values.Select(value => ($"value {value.Value} of map {map.Name}", value.Documentation, value.Position))))
                .Concat(manifest.Templates.SelectMany(template => template.Fields).Select(field => ($"field {field.Name}", field.Documentation, field.Position)))
                .Concat(manifest.Events.Select(@event => ($"event {@event.Name}", @event.Documentation, @event.Position)));
        return texts.Where(text => text.Text.Length == 0).Select(text =>
            new ManifestProblem(text.Position, $"The {text.What} has no text inside its element: it becomes the documentation."));
    }

    private static IEnumerable<ManifestProblem> Messages(EventManifest manifest)
    {
        foreach (StringDefinition text in manifest.Strings.Where(text => text.Text.Length == 0))
        {
            yield return new ManifestProblem(text.Position, $"The string '{text.Id}' is empty.");
        }

        foreach (EventDefinition @event in manifest.Events)
        {
            int? fields = manifest.Templates.FirstOrDefault(template => template.Name == @event.Template)?.Fields.Count;
            foreach (Match insert in Insert.Matches(TextOrEmpty(manifest, @event.Message)))
            {
                if (!int.TryParse(insert.Groups["field"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int field) || field < 1 || field > fields)
                {
                    yield return new ManifestProblem(@event.Position, $"The message of event {@event.Name} inserts {insert.Value}, expected %1 to %{fields}.");
                }
            }
        }
    }

    private static string TextOrEmpty(EventManifest manifest, string id) => manifest.Strings.FirstOrDefault(text => text.Id == id)?.Text ?? "";
}
