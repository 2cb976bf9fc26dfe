using System.Reflection;
using System.Text.Json;
using Tracing.Reports.Model;

namespace Tracing.Reports.Gate;

/// <summary>
/// Findings, and the results of a gate, as SARIF 2.1.0, which code hosts show beside the source: each finding under its kind, and each rule of the gate that did not pass
/// under <c>gate</c>. Locations are the places in the driver's source that the trace names.
/// </summary>
/// <remarks>Source: OASIS Static Analysis Results Interchange Format 2.1.0. A rule that the recording cannot answer is of kind <c>open</c> there (section 3.27.9).</remarks>
public static class SarifReport
{
    private const string GateRuleId = "gate";

    /// <summary>Writes UTF-8, ended by a line feed.</summary>
    /// <param name="report">Whose findings.</param>
    /// <param name="gate">The results of a gate; empty for none.</param>
    /// <param name="output">Where to.</param>
    public static void Write(LockReport report, IReadOnlyList<GateResult> gate, Stream output)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(gate);
        ArgumentNullException.ThrowIfNull(output);
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteString("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
            json.WriteString("version", "2.1.0");
            json.WriteStartArray("runs");
            json.WriteStartObject();
            WriteTool(json, [.. report.Findings.Select(finding => finding.Kind).Append(GateRuleId).Distinct().Order(StringComparer.Ordinal)]);
            json.WriteString("columnKind", "utf16CodeUnits");
            json.WriteStartArray("results");
            foreach (Finding finding in report.Findings)
            {
                WriteResult(json, finding.Kind, LevelOf(finding.Severity), "fail", finding.Sentence, finding.Site, $"{finding.Kind}/{finding.Subject}");
            }

            foreach (GateResult result in gate)
            {
                WriteGate(json, result);
            }

            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
    }

    private static void WriteTool(Utf8JsonWriter json, IReadOnlyList<string> ruleIds)
    {
        json.WriteStartObject("tool");
        json.WriteStartObject("driver");
        json.WriteString("name", "kmutex");
        json.WriteString("semanticVersion", typeof(SarifReport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion);
        json.WriteStartArray("rules");
        foreach (string id in ruleIds)
        {
            json.WriteStartObject();
            json.WriteString("id", id);
            json.WriteStartObject("help");
            json.WriteString("text", id == GateRuleId ? "A rule given by --fail-on: `kmutex report --help`." : $"`kmutex explain {id}` says what it means, how sure it is, and what to do.");
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteGate(Utf8JsonWriter json, GateResult result)
    {
        if (result.Verdict == GateVerdict.Unanswered)
        {
            WriteResult(json, GateRuleId, "none", "open", $"{result.Rule.Text}: cannot be answered, {result.Sentence}.", null, result.Rule.Text);
        }

        foreach (GateViolation violation in result.Violations)
        {
            WriteResult(json, GateRuleId, "error", "fail", $"{result.Rule.Text}: {violation.Sentence}", violation.Site, $"{result.Rule.Text}/{violation.Subject}");
        }
    }

    private static void WriteResult(Utf8JsonWriter json, string ruleId, string level, string kind, string message, SourceSite? site, string identity)
    {
        json.WriteStartObject();
        json.WriteString("ruleId", ruleId);
        json.WriteString("level", level);
        json.WriteString("kind", kind);
        json.WriteStartObject("message");
        json.WriteString("text", message);
        json.WriteEndObject();
        if (site is not null)
        {
            WriteLocation(json, site);
        }

        // By this, and not by the message with its numbers, a viewer knows a result again in the next run.
        json.WriteStartObject("partialFingerprints");
        json.WriteString("kmutexSubject/v1", identity);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteLocation(Utf8JsonWriter json, SourceSite site)
    {
        json.WriteStartArray("locations");
        json.WriteStartObject();
        if (site.File.Length > 0)
        {
            json.WriteStartObject("physicalLocation");
            json.WriteStartObject("artifactLocation");
            json.WriteString("uri", UriOf(site.File));
            json.WriteEndObject();
            if (site.Line > 0)
            {
                json.WriteStartObject("region");
                json.WriteNumber("startLine", site.Line);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        if (site.Member.Length > 0)
        {
            json.WriteStartArray("logicalLocations");
            json.WriteStartObject();
            json.WriteString("fullyQualifiedName", site.Member);
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndArray();
    }

    /// <summary>
    /// A path as a URI reference: with a drive, a server or a root it becomes a file URI (RFC 8089, appendices E.2 and E.3), else it stays relative, as a code host
    /// wants it.
    /// </summary>
    private static string UriOf(string path)
    {
        string rooted = path.Replace('\\', '/');
        bool hasDrive = rooted is [_, ':'] or [_, ':', '/', ..] && char.IsAsciiLetter(rooted[0]);
        string drive = hasDrive ? rooted[..2] : "";
        string escaped = string.Join('/', rooted[drive.Length..].Split('/').Select(Uri.EscapeDataString));
        return hasDrive ? $"file:///{drive}{(escaped.Length == 0 ? "/" : escaped)}"
            : escaped is ['/', '/', not '/', ..] ? $"file:{escaped}"
            : escaped.StartsWith('/') ? $"file://{escaped}"
            : escaped;
    }

    private static string LevelOf(FindingSeverity severity) => severity switch
    {
        FindingSeverity.Error => "error",
        FindingSeverity.Warning => "warning",
        _ => "note",
    };
}
