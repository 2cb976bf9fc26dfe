using System.Collections.Generic;

namespace Tracing.Manifest.Model;

/// <summary>
/// Where the fields of a payload lie: packed in the order of the manifest, pointers as wide as those of the machine that wrote the trace,
/// strings last.
/// </summary>
public sealed class PayloadLayout
{
    /// <summary>Lays a template out.</summary>
    public PayloadLayout(TemplateDefinition template)
    {
        List<FieldPlace> places = [];
        List<FieldDefinition> strings = [];
        int bytes = 0;
        int pointers = 0;
        foreach (FieldDefinition field in template.Fields)
        {
            if (field.Type.IsString)
            {
                strings.Add(field);
                continue;
            }

            places.Add(new FieldPlace(field, bytes, pointers));
            bytes += field.Type.Size;
            pointers += field.Type.IsPointer ? 1 : 0;
        }

        Fixed = places;
        Strings = strings;
        FixedBytes = bytes;
        Pointers = pointers;
    }

    /// <summary>The fields before the strings.</summary>
    public IReadOnlyList<FieldPlace> Fixed { get; }

    /// <summary>The strings, which come last.</summary>
    public IReadOnlyList<FieldDefinition> Strings { get; }

    /// <summary>Bytes of the fixed part, pointers not counted.</summary>
    public int FixedBytes { get; }

    /// <summary>How many pointers the fixed part has.</summary>
    public int Pointers { get; }
}

/// <summary>Where a field of the fixed part lies.</summary>
/// <param name="Field">The field.</param>
/// <param name="Bytes">Bytes before it, pointers not counted.</param>
/// <param name="Pointers">Pointers before it.</param>
public readonly record struct FieldPlace(FieldDefinition Field, int Bytes, int Pointers);
