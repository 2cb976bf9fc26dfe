using System.Globalization;
using Tracing.Reports.Model;
using Tracing.Reports.Wording;

namespace Tracing.Reports.Html;

/// <summary>What the report rests on, before any number: the recording, its losses, the grade with its reasons, and the checks.</summary>
internal static class TrustHeader
{
    public static void Write(Markup page, LockReport report)
    {
        TraceSummary trace = report.Trace;
        page.Write($"<header><div class=\"trust\"><div class=\"grade grade-{trace.Grade}\" title=\"Trust, from A to D\">{trace.Grade}</div><div><h1>{Markup.Sentence(HtmlReport.FileNames(report))}</h1>");
        string start = trace.StartUtc is DateTime utc ? utc.ToString("yyyy-MM-dd HH:mm:ss 'UTC, '", CultureInfo.InvariantCulture) : "";
        page.Write($"<p class=\"facts\">{start}{HumanDuration.Format(trace.DurationNs)} &#183; {trace.ProcessorCount} CPUs &#183; {TraceWords.Machine(trace)} &#183; {HtmlReport.Count(trace.DriverEventsRead)} driver events of {HtmlReport.Count(trace.EventsRead)} &#183; {Lost(trace)} &#183; {HtmlReport.Count(trace.SequenceGaps)} sequence gaps</p></div></div>");
        if (trace.GradeReasons.Count > 0)
        {
            page.WriteRaw("<ul class=\"reasons\">");
            foreach (string reason in trace.GradeReasons)
            {
                page.Write($"<li>{Markup.Sentence(reason)}</li>");
            }

            page.WriteRaw("</ul>");
        }

        int violated = trace.Identities.Count(check => check.Result == IdentityResult.Violated);
        page.Write($"<details><summary>Checks: {trace.Identities.Count(check => check.Result == IdentityResult.Holds)} hold, {violated} violated</summary><ul>");
        foreach (IdentityCheck check in trace.Identities)
        {
            MarkupText result = check.Result switch
            {
                IdentityResult.Holds => Markup.Escape($"<span class=\"good\">holds</span> ({HtmlReport.Count(check.Checked)} checked)"),
                IdentityResult.Violated => Markup.Escape($"<span class=\"bad\">violated</span> ({HtmlReport.Count(check.Violations)} of {HtmlReport.Count(check.Checked)})"),
                _ => new MarkupText("not checked: the recording lacks what it needs"),
            };
            page.Write($"<li>{Markup.Sentence(check.Statement)} {result}</li>");
        }

        page.WriteRaw("</ul></details></header>");
    }

    private static string Lost(TraceSummary trace) => $"lost {HtmlReport.Count(trace.EventsLost)} events, {HtmlReport.Count(trace.BuffersLost)} buffers";
}
