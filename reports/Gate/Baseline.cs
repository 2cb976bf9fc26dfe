using System.Text.Json;
using Tracing.Reports.Model;

namespace Tracing.Reports.Gate;

/// <summary>The findings of an earlier report: what is known and shall not stop a build again.</summary>
public sealed class Baseline
{
    private readonly HashSet<(string Kind, string Subject)> _known = [];

    private Baseline()
    {
    }

    /// <summary>Reads a report that was written as JSON.</summary>
    /// <param name="json">The report, UTF-8.</param>
    /// <exception cref="FormatException">It is no such report, or one of another schema version; the message says what was expected.</exception>
    public static Baseline Read(ReadOnlyMemory<byte> json)
    {
        const string Form = "expected a report written by `kmutex report --json`";
        var baseline = new Baseline();
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("schemaVersion", out JsonElement version) || !root.TryGetProperty("findings", out JsonElement findings))
            {
                throw new FormatException($"{Form}; found JSON without schemaVersion and findings.");
            }

            if (version.GetInt32() != LockReport.CurrentSchemaVersion)
            {
                throw new FormatException($"{Form} with schemaVersion {LockReport.CurrentSchemaVersion}; found {version.GetInt32()}. Write it again with this version.");
            }

            foreach (JsonElement finding in findings.EnumerateArray())
            {
                baseline._known.Add((finding.GetProperty("kind").GetString() ?? "", finding.GetProperty("subject").GetString() ?? ""));
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new FormatException($"{Form}. {e.Message}", e);
        }

        return baseline;
    }

    /// <summary>Whether a finding of the same kind about the same subject was there.</summary>
    public bool Knows(Finding finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        return _known.Contains((finding.Kind, finding.Subject));
    }
}
