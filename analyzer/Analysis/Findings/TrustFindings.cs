using Tracing.Reports.Model;

namespace Tracing.Analysis.Findings;

/// <summary>A recording that does not carry the numbers made of it.</summary>
internal static class TrustFindings
{
    public static IEnumerable<Finding> Of(LockReport report)
    {
        TraceSummary trace = report.Trace;
        if (trace.Grade is TrustGrade.C or TrustGrade.D && trace.DriverEventsRead > 0)
        {
            string meaning = trace.Grade == TrustGrade.C ? "what is shown was seen, and the truth may be higher" : "it contradicts itself: do not build on these numbers";
            yield return new Finding(
                trace.Grade == TrustGrade.C ? FindingSeverity.Note : FindingSeverity.Warning, "low-trust",
                $"The recording has grade {trace.Grade}: {meaning}. {string.Join(' ', trace.GradeReasons.Take(1))}".TrimEnd())
            {
                Advice = "Record again with more or larger buffers, and stop the session before copying its file.",
                Numbers = [new("eventsLost", trace.EventsLost), new("buffersLost", trace.BuffersLost), new("sequenceGaps", trace.SequenceGaps)],
            };
        }
    }
}
