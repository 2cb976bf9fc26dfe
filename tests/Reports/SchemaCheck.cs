using System.Text.Json;

namespace Tracing.Reports.Tests;

/// <summary>Validates JSON against the part of JSON Schema 2020-12 that report.schema.json uses, and fails on any keyword beyond it.</summary>
internal static class SchemaCheck
{
    private static readonly string[] Annotations = ["$schema", "$id", "title", "description", "$defs"];

    public static List<string> Validate(JsonElement schema, JsonElement value)
    {
        var problems = new List<string>();
        Check(schema, schema, value, "$", problems);
        return problems;
    }

    private static void Check(JsonElement root, JsonElement schema, JsonElement value, string path, List<string> problems)
    {
        foreach (JsonProperty keyword in schema.EnumerateObject())
        {
            switch (keyword.Name)
            {
                case "$ref":
                    string name = keyword.Value.GetString()!["#/$defs/".Length..];
                    Check(root, root.GetProperty("$defs").GetProperty(name), value, path, problems);
                    break;
                case "type":
                    string[] types = keyword.Value.ValueKind == JsonValueKind.Array ? [.. keyword.Value.EnumerateArray().Select(type => type.GetString()!)] : [keyword.Value.GetString()!];
                    Demand(types.Any(type => IsOf(value, type)), $"{path}: expected {string.Join(" or ", types)}, found {value.ValueKind}");
                    break;
                case "enum":
                    Demand(keyword.Value.EnumerateArray().Any(allowed => allowed.GetRawText() == value.GetRawText()), $"{path}: {value.GetRawText()} is not one of {keyword.Value}");
                    break;
                case "minimum":
                    Demand(value.ValueKind != JsonValueKind.Number || value.GetDecimal() >= keyword.Value.GetDecimal(), $"{path}: below {keyword.Value}");
                    break;
                case "required" when value.ValueKind == JsonValueKind.Object:
                    foreach (JsonElement field in keyword.Value.EnumerateArray())
                    {
                        Demand(value.TryGetProperty(field.GetString()!, out _), $"{path}: {field} is missing");
                    }

                    break;
                case "properties" when value.ValueKind == JsonValueKind.Object:
                    foreach (JsonProperty field in value.EnumerateObject())
                    {
                        if (keyword.Value.TryGetProperty(field.Name, out JsonElement known))
                        {
                            Check(root, known, field.Value, $"{path}.{field.Name}", problems);
                        }
                        else
                        {
                            problems.Add($"{path}.{field.Name}: the schema does not know it");
                        }
                    }

                    break;
                case "items" when value.ValueKind == JsonValueKind.Array:
                    int index = 0;
                    foreach (JsonElement item in value.EnumerateArray())
                    {
                        Check(root, keyword.Value, item, $"{path}[{index++}]", problems);
                    }

                    break;
                case "required" or "properties" or "items":
                    break;
                default:
                    Assert.Contains(keyword.Name, Annotations);
                    break;
            }
        }

        void Demand(bool met, string otherwise)
        {
            if (!met)
            {
                problems.Add(otherwise);
            }
        }
    }

    private static bool IsOf(JsonElement value, string type) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && (value.TryGetInt64(out _) || value.TryGetUInt64(out _)),
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => throw new NotSupportedException(type),
    };
}
