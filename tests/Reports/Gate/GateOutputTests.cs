using System.Text.Json;
using System.Xml.Linq;
using CsCheck;
using Tracing.Reports.Gate;
using Tracing.Reports.Model;

namespace Tracing.Reports.Tests.Gate;

public sealed class GateOutputTests
{
    private const string Rules = "p99 wait > 1ns; leaks > 0; acquires < 0";

    // The part of the SARIF 2.1.0 schema (OASIS, sarif-schema-2.1.0.json) that is used here: required properties, types and enumerations. It allows no
    // properties beyond those it names, and neither does SchemaCheck.
    private const string Sarif = """
        {
          "type": "object", "required": ["version", "runs"],
          "properties": {
            "$schema": { "type": "string" },
            "version": { "enum": ["2.1.0"] },
            "runs": { "type": "array", "items": { "$ref": "#/$defs/run" } }
          },
          "$defs": {
            "run": {
              "type": "object", "required": ["tool"],
              "properties": {
                "tool": { "type": "object", "required": ["driver"], "properties": { "driver": { "$ref": "#/$defs/toolComponent" } } },
                "columnKind": { "enum": ["utf16CodeUnits", "unicodeCodePoints"] },
                "results": { "type": "array", "items": { "$ref": "#/$defs/result" } }
              }
            },
            "toolComponent": {
              "type": "object", "required": ["name"],
              "properties": {
                "name": { "type": "string" },
                "semanticVersion": { "type": "string" },
                "rules": { "type": "array", "items": { "type": "object", "required": ["id"], "properties": { "id": { "type": "string" }, "help": { "$ref": "#/$defs/message" } } } }
              }
            },
            "message": { "type": "object", "required": ["text"], "properties": { "text": { "type": "string" } } },
            "result": {
              "type": "object", "required": ["message"],
              "properties": {
                "ruleId": { "type": "string" },
                "level": { "enum": ["none", "note", "warning", "error"] },
                "kind": { "enum": ["notApplicable", "pass", "fail", "review", "open", "informational"] },
                "message": { "$ref": "#/$defs/message" },
                "locations": { "type": "array", "items": { "$ref": "#/$defs/location" } },
                "partialFingerprints": { "type": "object" }
              }
            },
            "location": {
              "type": "object",
              "properties": {
                "physicalLocation": {
                  "type": "object",
                  "properties": {
                    "artifactLocation": { "type": "object", "properties": { "uri": { "type": "string" } } },
                    "region": { "type": "object", "properties": { "startLine": { "type": "integer", "minimum": 1 } } }
                  }
                },
                "logicalLocations": { "type": "array", "items": { "type": "object", "properties": { "fullyQualifiedName": { "type": "string" } } } }
              }
            }
          }
        }
        """;

    [Fact]
    public void Any_report_gives_valid_SARIF() => Reports.Any.Sample(report =>
    {
        using JsonDocument schema = JsonDocument.Parse(Sarif);
        JsonElement log = WriteSarif(report);

        Assert.Empty(SchemaCheck.Validate(schema.RootElement, log));
        JsonElement run = log.GetProperty("runs")[0];
        string?[] ruleIds = [.. run.GetProperty("tool").GetProperty("driver").GetProperty("rules").EnumerateArray().Select(rule => rule.GetProperty("id").GetString())];
        foreach (JsonElement result in run.GetProperty("results").EnumerateArray())
        {
            Assert.Contains(result.GetProperty("ruleId").GetString(), ruleIds);

            // Section 3.27.10: a result that is no failure has no level.
            Assert.True(result.GetProperty("kind").GetString() == "fail" || result.GetProperty("level").GetString() == "none");
            if (result.TryGetProperty("locations", out JsonElement locations) && locations[0].TryGetProperty("physicalLocation", out JsonElement place))
            {
                Assert.True(Uri.IsWellFormedUriString(place.GetProperty("artifactLocation").GetProperty("uri").GetString(), UriKind.RelativeOrAbsolute));
            }
        }
    });

    [Fact]
    public void A_finding_and_what_fired_point_into_the_source()
    {
        LockReport report = Reports.ByHand with
        {
            Findings = [new Finding(FindingSeverity.Error, "misuse", "It was misused.") { Subject = "Queue", Site = new SourceSite(@"src\a b\Pump.cs", 12, "Run") }],
        };

        JsonElement[] results = [.. WriteSarif(report).GetProperty("runs")[0].GetProperty("results").EnumerateArray()];

        Assert.Equal(["misuse", "gate", "gate"], results.Select(result => result.GetProperty("ruleId").GetString()));
        Assert.Equal(("src/a%20b/Pump.cs", 12), PlaceOf(results[0]));
        Assert.Equal(("file:///C:/src/Queue.cs", 118), PlaceOf(results[1]));
        Assert.Equal("Open", results[2].GetProperty("locations")[0].GetProperty("logicalLocations")[0].GetProperty("fullyQualifiedName").GetString());
    }

    [Fact]
    public void JUnit_has_a_case_per_rule_a_failure_per_rule_that_fired_and_an_error_per_rule_without_an_answer() => Reports.Any.Sample(report =>
    {
        IReadOnlyList<GateResult> results = Judge(report);
        using var buffer = new MemoryStream();
        JUnitReport.Write(results, "trace.etl", buffer);

        XElement suite = XDocument.Load(new MemoryStream(buffer.ToArray())).Root!.Element("testsuite")!;
        Assert.Equal(results.Select(result => result.Rule.Text), suite.Elements("testcase").Select(test => test.Attribute("name")!.Value));
        Assert.Equal("3", suite.Attribute("tests")!.Value);
        Assert.Equal($"{results.Count(result => result.Verdict == GateVerdict.Failed)}", suite.Attribute("failures")!.Value);
        Assert.Equal(results.Count(result => result.Verdict == GateVerdict.Failed), suite.Descendants("failure").Count());
        Assert.Equal($"{results.Count(result => result.Verdict == GateVerdict.Unanswered)}", suite.Attribute("errors")!.Value);
        Assert.Equal(results.Count(result => result.Verdict == GateVerdict.Unanswered), suite.Descendants("error").Count());
    });

    private static (string?, int) PlaceOf(JsonElement result)
    {
        JsonElement place = result.GetProperty("locations")[0].GetProperty("physicalLocation");
        return (place.GetProperty("artifactLocation").GetProperty("uri").GetString(), place.GetProperty("region").GetProperty("startLine").GetInt32());
    }

    private static IReadOnlyList<GateResult> Judge(LockReport report) => GateEvaluator.Evaluate(GateParser.Parse(Rules, []), report, null);

    private static JsonElement WriteSarif(LockReport report)
    {
        using var buffer = new MemoryStream();
        SarifReport.Write(report, Judge(report), buffer);
        return JsonDocument.Parse(buffer.ToArray()).RootElement;
    }
}
