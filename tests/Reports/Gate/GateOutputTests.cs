using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CsCheck;
using Tracing.Reports.Gate;
using Tracing.Reports.Model;

namespace Tracing.Reports.Tests.Gate;

public sealed partial class GateOutputTests
{
    private static readonly Gen<string> Paths =
        Gen.OneOf(Gen.String, Gen.String[Gen.Char[@"\\//::..aC~%é "], 0, 12]).Where(path => path.Length > 0 && !path.Any(char.IsSurrogate));

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
                Assert.Matches(UriReference(), place.GetProperty("artifactLocation").GetProperty("uri").GetString());
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

    [Theory]
    [InlineData(@"src\Queue.cs", "src/Queue.cs")]
    [InlineData("100 %.cs", "100%20%25.cs")]
    [InlineData(@"C:\src\Queue.cs", "file:///C:/src/Queue.cs")]
    [InlineData("C:", "file:///C:/")]
    [InlineData(@"C:Queue.cs", "C%3AQueue.cs")]
    [InlineData("/src/Queue.cs", "file:///src/Queue.cs")]
    [InlineData(@"\\server\share\Queue.cs", "file://server/share/Queue.cs")]
    public void A_path_becomes_a_URI(string path, string uri) => Assert.Equal((uri, 1), PlaceOf(path));

    [Fact]
    public void Any_path_becomes_a_valid_URI_that_says_the_same_path() => Paths.Sample(path =>
    {
        string uri = PlaceOf(path).Uri!;

        Assert.Matches(UriReference(), uri);
        string slashed = path.Replace('\\', '/');
        bool isDrive = slashed is [_, ':'] && char.IsAsciiLetter(slashed[0]);
        Assert.Equal(isDrive ? slashed + "/" : slashed, Uri.UnescapeDataString(FilePrefix().Replace(uri, "")));
    });

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

    // RFC 3986, appendix A: a path-noscheme, or the scheme file with an authority of a reg-name (which may be empty) and a path-abempty.
    // .NET's Uri.IsWellFormedUriString is no judge here: it takes file:///%25 for malformed, which the grammar allows.
    [GeneratedRegex(@"\A(?:file://(?:[\w.~!$&'()*+,;=-]|%[0-9A-F]{2})*(?:/(?:[\w.~!$&'()*+,;=:@-]|%[0-9A-F]{2})*)*|(?:[\w.~!$&'()*+,;=@-]|%[0-9A-F]{2})+(?:/(?:[\w.~!$&'()*+,;=:@-]|%[0-9A-F]{2})*)*)\z", RegexOptions.ECMAScript)]
    private static partial Regex UriReference();

    // What stands before a path in a file URI: an empty authority, and the slash before a drive; a server keeps its two slashes.
    [GeneratedRegex(@"^file:(?://(?=/)(?:/(?=[A-Za-z]:))?)?", RegexOptions.ECMAScript)]
    private static partial Regex FilePrefix();

    private static (string? Uri, int Line) PlaceOf(string path) => PlaceOf(WriteSarif(Reports.ByHand with
    {
        Findings = [new Finding(FindingSeverity.Error, "misuse", "It was misused.") { Subject = "Queue", Site = new SourceSite(path, 1, "Run") }],
    }).GetProperty("runs")[0].GetProperty("results")[0]);

    private static (string? Uri, int Line) PlaceOf(JsonElement result)
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
