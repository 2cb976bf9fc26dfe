using System.Globalization;
using System.Text;
using System.Xml;
using Tracing.Reports.Wording;

namespace Tracing.Reports.Gate;

/// <summary>
/// The results of a gate as JUnit XML, which build servers show: a test case per rule, a failure for one that fired, an error for one that the recording cannot answer.
/// </summary>
public static class JUnitReport
{
    /// <summary>Writes UTF-8.</summary>
    /// <param name="results">The results.</param>
    /// <param name="recording">What they are about: the suite's name.</param>
    /// <param name="output">Where to.</param>
    public static void Write(IReadOnlyList<GateResult> results, string recording, Stream output)
    {
        ArgumentNullException.ThrowIfNull(results);
        using var xml = XmlWriter.Create(output, new XmlWriterSettings { Indent = true, NewLineChars = "\n", Encoding = new UTF8Encoding(false), CloseOutput = false });
        xml.WriteStartElement("testsuites");
        xml.WriteStartElement("testsuite");
        xml.WriteAttributeString("name", SafeText.Escape(recording));
        xml.WriteAttributeString("tests", Number(results.Count));
        xml.WriteAttributeString("failures", Number(results.Count(result => result.Verdict == GateVerdict.Failed)));
        xml.WriteAttributeString("errors", Number(results.Count(result => result.Verdict == GateVerdict.Unanswered)));
        foreach (GateResult result in results)
        {
            xml.WriteStartElement("testcase");
            xml.WriteAttributeString("classname", "kmutex");
            xml.WriteAttributeString("name", SafeText.Escape(result.Rule.Text));
            if (result.Verdict != GateVerdict.Passed)
            {
                xml.WriteStartElement(result.Verdict == GateVerdict.Failed ? "failure" : "error");
                xml.WriteAttributeString("message", result.Sentence);
                xml.WriteString(string.Join('\n', result.Violations.Select(violation => violation.Sentence)));
                xml.WriteEndElement();
            }

            xml.WriteEndElement();
        }

        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.Flush();
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}
