using System.Globalization;
using Tracing.Reports.Model;
using Tracing.Reports.Wording;

namespace Tracing.Reports.Html;

/// <summary>How many mutexes of an allocation site were live, over time: a leak is a staircase that never comes down.</summary>
internal static class GrowthFigure
{
    private const int MostSites = 6;
    private const double Width = 640;
    private const double Height = 150;
    private const double Left = 70;
    private const double Bottom = 122;
    private const double Top = 14;

    public static void Write(Markup page, LockReport report)
    {
        LiveGrowth[] shown = [.. report.Growth.Where(growth => growth.Curve.Count > 1 && growth.Curve.Any(point => point.Live > 0)).Take(MostSites)];
        if (shown.Length == 0)
        {
            return;
        }

        page.WriteRaw("<section id=\"growth\"><h2 data-short=\"Growth\">Live mutexes over time</h2><div class=\"below\">");
        foreach (LiveGrowth growth in shown)
        {
            WriteCurve(page, growth);
        }

        string left = shown.Length < report.Growth.Count ? $" The {shown.Length} steepest of {report.Growth.Count} allocation sites." : "";
        page.Write($"</div><p class=\"note\">Mutexes allocated and not yet freed, by where they were allocated.{left}</p></section>");
    }

    private static void WriteCurve(Markup page, LiveGrowth growth)
    {
        string site = growth.Site is null ? "(place not known)" : growth.Site.Short;
        long first = growth.Curve[0].AtNs;
        long last = Math.Max(first + 1, growth.Curve[^1].AtNs);
        long most = growth.Curve.Max(point => point.Live);
        string words = string.Create(
            CultureInfo.InvariantCulture,
            $"{(growth.Rises ? "rises and does not fall back: " : "")}{Math.Abs(growth.PerSecond):0.##} {(growth.PerSecond < 0 ? "fewer" : "more")} per second, {HumanCount.Format(growth.Allocations)} allocated, {HumanCount.Format(growth.Frees)} freed");
        page.Write($"<div><h3>{site}</h3><div class=\"scroll\"><svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"Live mutexes of {site}: {words}\">");
        page.Write($"<line class=\"axis\" x1=\"{Left}\" y1=\"{Bottom}\" x2=\"{Width}\" y2=\"{Bottom}\"/><text class=\"soft\" x=\"{Left - 6}\" y=\"{Top + 4}\" text-anchor=\"end\">{HumanCount.Format(most)}</text><text class=\"soft\" x=\"{Left - 6}\" y=\"{Bottom}\" text-anchor=\"end\">0</text>");
        page.Write($"<text class=\"soft\" x=\"{Left}\" y=\"{Bottom + 18}\">{HumanDuration.Format(Math.Max(0, first))}</text><text class=\"soft\" x=\"{Width}\" y=\"{Bottom + 18}\" text-anchor=\"end\">{HumanDuration.Format(Math.Max(0, last))}</text>");
        string points = string.Join(' ', growth.Curve.Select(point => $"{Round(Left + ((Width - Left - 4) * ((double)(point.AtNs - first) / (last - first))))},{Round(Bottom - ((Bottom - Top) * point.Live / Math.Max(1.0, most)))}"));
        page.Write($"<polyline class=\"curve\" points=\"{new MarkupText(points)}\"/></svg></div><p class=\"note\">{words}</p></div>");
    }

    private static string Round(double position) => position.ToString("0.#", CultureInfo.InvariantCulture);
}
