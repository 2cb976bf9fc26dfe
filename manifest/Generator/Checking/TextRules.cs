using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using Tracing.Manifest.Model;
using Tracing.Manifest.Reading;

namespace Tracing.Manifest.Checking;

/// <summary>Names can be names of C#, what becomes documentation is documented, messages insert fields that exist.</summary>
internal static class TextRules
{
    /// <summary>What C# accepts as an identifier and .NET as a public name.</summary>
    private static readonly Regex PublicName = new("^[A-Z][A-Za-z0-9]*$", RegexOptions.CultureInvariant);

    /// <summary>An insert of the message compiler: a percent sign and the number of a field, from 1.</summary>
    private static readonly Regex Insert = new("%(?<field>[0-9]+)", RegexOptions.CultureInvariant);

    internal static IEnumerable<ManifestProblem> Check(EventManifest manifest) =>
        Declarations(manifest).Concat(Strings(manifest)).Concat(manifest.Events.SelectMany(@event => Inserts(manifest, @event)));

    private static IEnumerable<ManifestProblem> Declarations(EventManifest manifest)
    {
        foreach (Declaration declaration in Declaration.Of(manifest))
        {
            if (declaration.PublicName is { } name && !PublicName.IsMatch(name))
            {
                yield return new ManifestProblem(
                    declaration.Position,
                    $"The {declaration.Title} becomes '{name}' in C#, expected a capital letter and then letters and digits.");
            }

            if (declaration.Documentation is { Length: 0 })
            {
                yield return new ManifestProblem(
                    declaration.Position, $"The {declaration.Title} has no text inside its element: it becomes the documentation.");
            }
        }
    }

    private static IEnumerable<ManifestProblem> Strings(EventManifest manifest) => manifest.Strings
        .Where(text => text.Text.Length == 0)
        .Select(text => new ManifestProblem(text.Position, $"The string '{text.Id}' is empty."));

    private static IEnumerable<ManifestProblem> Inserts(EventManifest manifest, EventDefinition @event)
    {
        string message = manifest.Strings.FirstOrDefault(text => text.Id == @event.Message)?.Text ?? "";
        int? fields = manifest.Templates.FirstOrDefault(template => template.Name == @event.Template)?.Fields.Count;
        foreach (Match insert in Insert.Matches(message))
        {
            bool isNumber = int.TryParse(insert.Groups["field"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out int field);
            if (!isNumber || field < 1 || field > fields)
            {
                yield return new ManifestProblem(
                    @event.Position, $"The message of event {@event.Name} inserts {insert.Value}, expected %1 to %{fields}.");
            }
        }
    }
}
