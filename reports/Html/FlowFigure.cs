using System.Globalization;
using Tracing.Reports.Wording;

namespace Tracing.Reports.Html;

/// <summary>Time that went from one thing to another: waiters to the left, what they waited for to the right, bands as thick as the time.</summary>
internal static class FlowFigure
{
    private const int MostFlows = 40;
    private const double Width = 640;
    private const double LeftNode = 222;
    private const double RightNode = 408;
    private const double NodeWidth = 10;
    private const double Slot = 19;
    private const double Gap = 5;
    private const double Thickness = 220;
    private const int NameCells = 24;

    /// <summary>Draws them, the heaviest first; what is beyond the number that can be told apart is left out and said.</summary>
    public static void Write(Markup page, string description, IReadOnlyList<Flow> flows)
    {
        Flow[] shown = [.. flows.Where(flow => flow.Ns > 0).OrderByDescending(flow => flow.Ns).Take(MostFlows)];
        if (shown.Length == 0)
        {
            return;
        }

        double scale = Thickness / shown.Sum(flow => (double)flow.Ns);
        Column left = new(shown, flow => flow.From, scale);
        Column right = new(shown, flow => flow.To, scale);
        double height = Math.Max(left.Height, right.Height);
        page.Write($"<div class=\"scroll\"><svg viewBox=\"0 0 {Width} {Round(height)}\" role=\"img\" aria-label=\"{description}\">");
        foreach (Flow flow in shown)
        {
            double thickness = Math.Max(1, flow.Ns * scale);
            double from = left.Place(flow.From, thickness);
            double to = right.Place(flow.To, thickness);
            const double Middle = (LeftNode + NodeWidth + RightNode) / 2;
            MarkupText band = Markup.Escape($"M{LeftNode + NodeWidth} {Round(from)}C{Middle} {Round(from)} {Middle} {Round(to)} {RightNode} {Round(to)}V{Round(to + thickness)}C{Middle} {Round(to + thickness)} {Middle} {Round(from + thickness)} {LeftNode + NodeWidth} {Round(from + thickness)}Z");
            page.Write($"<path class=\"{(flow.IsHeld ? "flow" : "flow idle")}\" d=\"{band}\"><title>{flow.From}: {HumanDuration.Format(flow.Ns)} for {flow.To}</title></path>");
        }

        left.Write(page, LeftNode, LeftNode - 6, "end");
        right.Write(page, RightNode, RightNode + NodeWidth + 6, "start");
        page.WriteRaw("</svg></div>");
        if (shown.Length < flows.Count)
        {
            page.Write($"<p class=\"note\">The {shown.Length} heaviest of {flows.Count} pairs.</p>");
        }
    }

    private static string Round(double position) => position.ToString("0.#", CultureInfo.InvariantCulture);

    /// <summary>One side: its nodes by weight, each high enough for its name.</summary>
    private sealed class Column
    {
        private readonly List<(string Name, double Ns, double Top, double Height)> _nodes = [];
        private readonly Dictionary<string, double> _next = [];

        public Column(Flow[] flows, Func<Flow, string> nameOf, double scale)
        {
            foreach (IGrouping<string, Flow> node in flows.GroupBy(nameOf).OrderByDescending(node => node.Sum(flow => (double)flow.Ns)))
            {
                double height = node.Sum(flow => Math.Max(1, flow.Ns * scale));
                _nodes.Add((node.Key, node.Sum(flow => (double)flow.Ns), Height, height));
                _next[node.Key] = Height + Math.Max(0, (Slot - height) / 2);
                Height += Math.Max(Slot, height) + Gap;
            }
        }

        public double Height { get; private set; }

        /// <summary>Takes a part of a node for a band, and says where it begins.</summary>
        public double Place(string name, double thickness)
        {
            double top = _next[name];
            _next[name] = top + thickness;
            return top;
        }

        public void Write(Markup page, double x, double textAt, string anchor)
        {
            foreach ((string name, double nanoseconds, double top, double height) in _nodes)
            {
                double slot = Math.Max(Slot, height);
                page.Write($"<rect class=\"node\" x=\"{x}\" y=\"{Round(top + ((slot - height) / 2))}\" width=\"{NodeWidth}\" height=\"{Round(height)}\"/>");
                page.Write($"<text x=\"{textAt}\" y=\"{Round(top + (slot / 2) + 4)}\" text-anchor=\"{anchor}\">{SafeText.Fit(SafeText.Escape(name), NameCells)} <tspan class=\"soft\">{HumanDuration.Format((long)nanoseconds)}</tspan></text>");
            }
        }
    }
}

/// <summary>Time from one thing to another.</summary>
/// <param name="From">Who waited.</param>
/// <param name="To">For whom.</param>
/// <param name="Ns">How long, in nanoseconds.</param>
/// <param name="IsHeld">True when somebody held meanwhile; false for hand-off and what is not known.</param>
internal readonly record struct Flow(string From, string To, long Ns, bool IsHeld);
