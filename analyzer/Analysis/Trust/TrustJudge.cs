using System.Globalization;
using Tracing.Analysis.Reading;
using Tracing.Reports.Model;
using Tracing.Reports.Wording;

namespace Tracing.Analysis.Trust;

/// <summary>
/// Grades a report. D: the recording contradicts itself, or says nothing of the driver. C: events are missing, so true numbers may be higher.
/// B: what is shown is exact, and something is out of sight. A: neither.
/// </summary>
internal sealed class TrustJudge(TraceAnalysis analysis, RecordingFacts recording)
{
    public (TrustGrade Grade, IReadOnlyList<string> Reasons) Grade(RundownState rundown, long gaps, IReadOnlyList<IdentityCheck> identities)
    {
        if (analysis.DriverEvents == 0)
        {
            return (TrustGrade.D, ["The recording holds no event of the driver."]);
        }

        List<string> contradictions = [.. Contradictions(identities)];
        List<string> missing = [.. Missing(gaps)];
        List<string> hidden = [.. OutOfSight(rundown)];
        TrustGrade grade = contradictions.Count > 0 ? TrustGrade.D
            : missing.Count > 0 ? TrustGrade.C
            : hidden.Count > 0 ? TrustGrade.B
            : TrustGrade.A;
        return (grade, [.. contradictions, .. missing, .. hidden]);
    }

    private IEnumerable<string> Contradictions(IReadOnlyList<IdentityCheck> identities)
    {
        if (analysis.Oddities.AnyContradiction)
        {
            yield return "Some events contradict each other or are malformed: see the oddities.";
        }

        // Missing sequence numbers are a loss, not a contradiction.
        foreach (IdentityCheck identity in identities.Where(check => check is { Result: IdentityResult.Violated, Name: not "sequences-complete" }))
        {
            yield return $"An identity is violated ({identity.Name}).";
        }
    }

    private IEnumerable<string> Missing(long gaps)
    {
        if (recording.EventsLost > 0 || recording.BuffersLost > 0)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture, $"The session lost {recording.EventsLost:N0} events and {recording.BuffersLost:N0} buffers.");
        }

        if (gaps > 0)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{gaps:N0} acquisitions are proven missing by sequence numbers.");
        }

        if (recording.Damaged)
        {
            yield return "Parts of the file cannot be read: see the oddities.";
        }

        if (recording.BuffersMissing)
        {
            yield return "Buffers are missing from the file: lost, or overwritten in a circular one.";
        }

        if (recording.EndUtc is null)
        {
            yield return "The session was never closed: the last events may be missing.";
        }
    }

    private IEnumerable<string> OutOfSight(RundownState rundown)
    {
        if (recording.Window != TimeWindow.Whole)
        {
            string until = recording.Window.UntilNs is long end ? $"to {HumanDuration.Format(end)}" : "to the end";
            yield return $"Only the time from {HumanDuration.Format(recording.Window.SinceNs)} {until} was looked at: what went on at its edges is cut there, and times count from its begin.";
        }

        if (analysis.IsLight)
        {
            yield return "Uncontended acquires were not recorded (keyword Lock was off).";
        }

        switch (rundown)
        {
            case RundownState.Absent:
                yield return "There is no rundown: mutexes that were alive before and never used are not known.";
                break;
            case RundownState.Incomplete:
                yield return "A rundown is incomplete: mutexes that were alive before may not be known.";
                break;
        }

        if (analysis.Oddities[EventOddity.UnknownEvent] + analysis.Oddities[EventOddity.NewerVersion] > 0)
        {
            yield return "Events of a newer driver were not fully understood.";
        }

        if (analysis.Oddities[EventOddity.OtherClock] > 0)
        {
            yield return "The session used another clock than the driver.";
        }
    }
}
