using System.Globalization;
using Tracing.Reports.Model;
using Tracing.Reports.Plots;
using Tracing.Reports.Wording;

namespace Tracing.Reports.Html;

/// <summary>How many waits, or holds, lasted how long: bars on a logarithmic axis, drawn in the page so that text stays text and colours follow the page.</summary>
internal static class HistogramFigure
{
    private const double Width = 640;
    private const double Height = 210;
    private const double Left = 58;
    private const double Bottom = 182;
    private const double Top = 26;

    public static void Write(Markup page, string id, string title, DurationHistogramFigure figure, DurationSummary durations)
    {
        if (figure.Bars.Count == 0)
        {
            return;
        }

        // What lasted less than the clock can tell has no place on a logarithmic axis: its bar begins where the axis does.
        double from = Math.Floor(Math.Max(figure.Bars[0].From, figure.Bars[0].To - 0.25));
        double to = Math.Max(from + 1, Math.Ceiling(figure.Bars[^1].To));
        long most = figure.Bars.Max(bar => bar.Count);
        string summary = $"{HumanCount.Format(durations.Count)} in all; half last at most {HumanDuration.Format(durations.P50Ns)}, 99 of 100 at most {HumanDuration.Format(durations.P99Ns)}, the longest {HumanDuration.Format(durations.MaxNs)}.";
        page.Write($"<section id=\"{id}\"><h2>{title}</h2><div class=\"scroll\"><svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{title}: {Markup.Sentence(summary)}\">");
        page.Write($"<line class=\"axis\" x1=\"{Left}\" y1=\"{Bottom}\" x2=\"{Width}\" y2=\"{Bottom}\"/>");
        page.Write($"<text class=\"soft\" x=\"{Left - 6}\" y=\"{Top + 4}\" text-anchor=\"end\">{HumanCount.Format(most)}</text><text class=\"soft\" x=\"{Left - 6}\" y=\"{Bottom}\" text-anchor=\"end\">0</text>");
        foreach (HistogramBar bar in figure.Bars)
        {
            double height = (Bottom - Top) * bar.Count / most;
            double left = X(Math.Max(from, Math.Max(bar.From, bar.To - 0.25)));
            page.Write($"<rect class=\"{figure.What}\" x=\"{Round(left)}\" y=\"{Round(Bottom - height)}\" width=\"{Round(Math.Max(1, X(bar.To) - left - 1))}\" height=\"{Round(height)}\"><title>{HumanDuration.Format(Duration(bar.From))} to {HumanDuration.Format(Duration(bar.To))}: {HumanCount.Format(bar.Count)}</title></rect>");
        }

        for (double power = from; power <= to; power++)
        {
            string anchor = power == to ? "end" : "middle";
            page.Write($"<line class=\"axis\" x1=\"{Round(X(power))}\" y1=\"{Bottom}\" x2=\"{Round(X(power))}\" y2=\"{Bottom + 5}\"/><text class=\"soft\" x=\"{Round(X(power))}\" y=\"{Bottom + 20}\" text-anchor=\"{anchor}\">{HumanDuration.Format(Duration(power))}</text>");
        }

        WriteMark("p50", "end", -4, durations.P50Ns);
        WriteMark("p99", "start", 4, durations.P99Ns);
        page.Write($"</svg></div><p class=\"note\">{Markup.Sentence(summary)}</p></section>");

        double X(double power) => Left + ((power - from) / (to - from) * (Width - Left - 4));

        void WriteMark(string name, string anchor, double away, long nanoseconds)
        {
            double power = Math.Log10(Math.Max(1, nanoseconds));
            if (nanoseconds > 0 && power >= from && power <= to)
            {
                page.Write($"<line class=\"mark\" x1=\"{Round(X(power))}\" y1=\"10\" x2=\"{Round(X(power))}\" y2=\"{Bottom}\"/><text x=\"{Round(X(power) + away)}\" y=\"18\" text-anchor=\"{anchor}\">{name}</text>");
            }
        }
    }

    private static long Duration(double power) => power >= 18.9 ? long.MaxValue : (long)Math.Round(Math.Pow(10, power));

    private static string Round(double position) => position.ToString("0.#", CultureInfo.InvariantCulture);
}
