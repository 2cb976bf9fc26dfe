using System.Collections.Generic;
using System.Linq;
using Tracing.Manifest.Model;
using Tracing.Manifest.Reading;

namespace Tracing.Manifest.Checking;

/// <summary>Fields are of types that both sides can read and write, in an order that gives constant offsets.</summary>
internal static class FieldRules
{
    internal static IEnumerable<ManifestProblem> Check(EventManifest manifest) => manifest.Templates.SelectMany(Check);

    private static IEnumerable<ManifestProblem> Check(TemplateDefinition template)
    {
        if (template.Fields.Count == 0)
        {
            yield return new ManifestProblem(template.Position, $"The template {template.Name} has no fields.");
        }

        string? firstString = null;
        foreach (FieldDefinition field in template.Fields)
        {
            FieldType? type = FieldType.Named(field.InType);
            if (type is null)
            {
                yield return new ManifestProblem(
                    field.Position,
                    $"The field {field.Name} has the type '{field.InType}', expected one of: {FieldType.KnownNames}.");
                continue;
            }

            if (field.OutType.Length > 0 && !type.OutTypes.Contains(field.OutType))
            {
                yield return new ManifestProblem(
                    field.Position,
                    $"The field {field.Name} of type {field.InType} has the outType '{field.OutType}', expected one of: "
                    + $"{string.Join(", ", type.OutTypes)}.");
            }

            if (field.Map.Length > 0 && type.Kind != "UInt8")
            {
                yield return new ManifestProblem(
                    field.Position,
                    $"The field {field.Name} has a map and the type {field.InType}, expected win:UInt8.");
            }

            if (type.IsString)
            {
                firstString ??= field.Name;
            }
            else if (firstString is not null)
            {
                yield return new ManifestProblem(
                    field.Position,
                    $"The field {field.Name} comes after the string {firstString}: strings come last, so that all other fields have "
                    + "constant offsets.");
            }
        }
    }
}
