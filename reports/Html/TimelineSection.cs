using System.Globalization;
using Tracing.Reports.Model;
using Tracing.Reports.Wording;

namespace Tracing.Reports.Html;

/// <summary>The frame of the timeline, which the page's script fills, and what it says in words: how much is drawn one by one and what is summed up.</summary>
internal static class TimelineSection
{
    public static void Write(Markup page, Timeline timeline)
    {
        page.WriteRaw("<section id=\"timeline-section\" class=\"long\"><div id=\"timeline\"><div class=\"bar\"><h2>Timeline</h2><div class=\"tools\">");
        page.WriteRaw("<button type=\"button\" data-kind=\"mutex\" aria-pressed=\"true\">by mutex</button><button type=\"button\" data-kind=\"thread\" aria-pressed=\"false\">by thread</button>");
        page.WriteRaw("<input type=\"search\" placeholder=\"search lanes\" aria-label=\"search lanes by name\"/>");
        page.WriteRaw("<button type=\"button\" data-do=\"in\" aria-label=\"zoom in\">+</button><button type=\"button\" data-do=\"out\" aria-label=\"zoom out\">&#8722;</button><button type=\"button\" data-do=\"all\">all</button></div></div>");
        page.WriteRaw("<p class=\"legend\"><span><i class=\"l-hold\"></i>held: the number is the thread, by thread the name is the mutex</span><span><i class=\"l-wait\"></i>waiting</span><span><i class=\"l-sum\"></i>too short to draw, summed up: the height is the share of the time</span></p>");
        page.WriteRaw("<div class=\"axis-row\"><span></span><canvas aria-hidden=\"true\"></canvas></div>");
        page.WriteRaw("<div class=\"lanes\" tabindex=\"0\" role=\"group\" aria-label=\"Timeline. Arrow keys pan and change the lane, plus and minus zoom, N and P go from interval to interval, Enter selects the longest wait in view.\"><div class=\"lanes-grid\"><div class=\"lane-names\"></div><canvas aria-hidden=\"true\"></canvas></div></div>");
        page.WriteRaw("<div class=\"tip\" hidden=\"hidden\"></div>");
        page.WriteRaw("<p class=\"hint\">Drag to pan, <kbd>Ctrl</kbd> and wheel or double click to zoom. Keys: <kbd>&#8592;</kbd> <kbd>&#8594;</kbd> pan, <kbd>+</kbd> <kbd>&#8722;</kbd> zoom, <kbd>0</kbd> all, <kbd>&#8593;</kbd> <kbd>&#8595;</kbd> lane, <kbd>n</kbd> <kbd>p</kbd> next and previous interval, <kbd>Enter</kbd> longest wait in view, <kbd>Esc</kbd> nothing.</p>");
        page.WriteRaw("<div class=\"below\"><div id=\"selected\" aria-live=\"polite\"></div><div id=\"in-view-list\"></div></div></div>");
        foreach (string sentence in Sentences(timeline))
        {
            page.Write($"<p class=\"note\">{Markup.Sentence(sentence)}</p>");
        }

        page.WriteRaw("<noscript><p class=\"note\">The timeline is drawn by the page's own script, which is switched off here.</p></noscript></section>");
        page.WriteRaw("<section id=\"contention\"><h2>Contention over time</h2><div id=\"heat\"><div class=\"heat-grid\"><div class=\"lane-names\"></div><canvas aria-hidden=\"true\"></canvas></div><p class=\"note\"></p></div></section>");
    }

    /// <summary>What is drawn and what is not.</summary>
    private static IEnumerable<string> Sentences(Timeline timeline)
    {
        bool isWhole = timeline.Mutexes.All(lane => lane.Holds.Bins.Count + lane.Waits.Bins.Count == 0);
        long kept = timeline.Mutexes.Sum(lane => (long)lane.Holds.Kept.Count + lane.Waits.Kept.Count);
        string all = HumanCount.Format(timeline.Intervals);
        yield return isWhole && timeline.MutexesLeftOut == 0
            ? $"All {all} holds and waits are here one by one."
            : isWhole
            ? $"{HumanCount.Format(kept)} of {all} holds and waits are here one by one: all those of the mutexes that have a lane."
            : $"Of {all} holds and waits {HumanCount.Format(kept)} are here one by one, the longest of each mutex; where that is not all, plain bars sum up every one of them in steps of {HumanDuration.Format((long)timeline.BinNs)}.";
        if (timeline.MutexesLeftOut + timeline.ThreadsLeftOut > 0)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"The {timeline.Mutexes.Count} mutexes waited for longest and the {timeline.Threads.Count} threads that waited longest have a lane; {HumanCount.Format(timeline.MutexesLeftOut)} mutexes and {HumanCount.Format(timeline.ThreadsLeftOut)} threads have none.");
        }
    }
}
