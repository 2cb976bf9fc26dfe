using System.Globalization;
using Tracing.Reports.Model;
using Tracing.Reports.Wording;

namespace Tracing.Reports.Html;

/// <summary>
/// The lock order graph: an arrow from each class of mutexes to each that was taken while it was held. Arrows of a contradiction are thick and whole, the others
/// thin and broken, so that it can be told without colour too.
/// </summary>
internal static class OrderFigure
{
    private const int MostClasses = 14;
    private const double Width = 640;
    private const double HalfHeight = 13;
    private const int NameCells = 24;

    public static void Write(Markup page, LockReport report)
    {
        if (report.LockOrders.Count == 0)
        {
            return;
        }

        HashSet<(string Held, string Taken)> contradicting = [.. report.PossibleDeadlocks.SelectMany(possible => possible.Orders).Select(order => (order.Held, order.Taken))];
        string[] classes = [.. report.LockOrders.OrderByDescending(order => contradicting.Contains((order.Held, order.Taken)))
            .SelectMany(order => (string[])[order.Held, order.Taken]).Distinct()];
        double height = classes.Length switch { <= 2 => 130, <= 4 => 240, _ => 380 };
        var nodes = classes.Take(MostClasses).Select((name, i) => Node.At(name, i, Math.Min(classes.Length, MostClasses), height)).ToDictionary(node => node.Name);
        var edges = report.LockOrders.GroupBy(order => (order.Held, order.Taken)).Where(edge => nodes.ContainsKey(edge.Key.Held) && nodes.ContainsKey(edge.Key.Taken)).ToArray();

        page.Write($"<section id=\"lock-order\"><h2>Lock order</h2><div class=\"scroll\"><svg viewBox=\"0 0 {Width} {height}\" role=\"img\" aria-label=\"Lock order graph: {edges.Length} orders of {nodes.Count} classes of mutexes\"><defs>");
        page.WriteRaw("<marker id=\"arrow\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" markerWidth=\"9\" markerHeight=\"9\" markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path d=\"M0 0L8 4L0 8Z\" fill=\"context-stroke\"/></marker></defs>");
        foreach (var edge in edges)
        {
            WriteEdge(page, nodes[edge.Key.Held], nodes[edge.Key.Taken], [.. edge], contradicting.Contains(edge.Key));
        }

        foreach (Node node in nodes.Values)
        {
            bool isCycle = contradicting.Any(order => order.Held == node.Name);
            page.Write($"<rect class=\"{(isCycle ? "class cycle" : "class")}\" x=\"{Round(node.X - node.HalfWidth)}\" y=\"{Round(node.Y - HalfHeight)}\" width=\"{Round(2 * node.HalfWidth)}\" height=\"{2 * HalfHeight}\" rx=\"6\"/><text x=\"{Round(node.X)}\" y=\"{Round(node.Y + 4)}\" text-anchor=\"middle\">{node.Label}</text>");
        }

        string left = classes.Length > nodes.Count ? $" {classes.Length - nodes.Count} more classes are not drawn." : "";
        page.Write($"</svg></div><p class=\"note\">An arrow leads from the mutex that was held to the one taken meanwhile. {(contradicting.Count > 0 ? "Thick arrows run in a circle: see the contradicting orders." : "No two orders contradict each other.")}{left}</p></section>");
    }

    private static void WriteEdge(Markup page, Node from, Node to, LockOrder[] orders, bool isCycle)
    {
        double dx = to.X - from.X;
        double dy = to.Y - from.Y;
        double length = Math.Max(1, Math.Sqrt((dx * dx) + (dy * dy)));

        // Bent to its own left, so that an order and its contradiction are two arrows. One to itself is a loop above the node.
        (double x, double y) bend = from == to
            ? (from.X + from.HalfWidth + 30, from.Y - 40)
            : (((from.X + to.X) / 2) - (dy / length * 26), ((from.Y + to.Y) / 2) + (dx / length * 26));
        (double x, double y) start = from.Edge(bend.x, bend.y);
        (double x, double y) end = from == to ? (to.X, to.Y - HalfHeight) : to.Edge(bend.x, bend.y);
        MarkupText path = Markup.Escape($"M{Round(start.x)} {Round(start.y)}Q{Round(bend.x)} {Round(bend.y)} {Round(end.x)} {Round(end.y)}");
        string sites = string.Join("; ", orders.Select(order => $"{order.HeldSite?.Short ?? "?"} then {order.TakenSite?.Short ?? "?"}").Distinct().Take(4));
        page.Write($"<path class=\"{(isCycle ? "order cycle" : "order")}\" d=\"{path}\" marker-end=\"url(#arrow)\"><title>{from.Name} then {to.Name}, {HumanCount.Format(orders.Sum(order => order.Count))} times: {Markup.Sentence(sites)}</title></path>");
    }

    private static string Round(double position) => position.ToString("0.#", CultureInfo.InvariantCulture);

    private sealed record Node(string Name, string Label, double X, double Y, double HalfWidth)
    {
        public static Node At(string name, int index, int of, double height)
        {
            string label = SafeText.Fit(SafeText.Escape(name.Length == 0 ? "(no name)" : name), NameCells);
            double angle = (2 * Math.PI * index / of) - (of == 2 ? Math.PI : Math.PI / 2);
            return new Node(
                name, label, (Width / 2) + (Math.Cos(angle) * ((Width / 2) - 100)), (height / 2) + (Math.Sin(angle) * ((height / 2) - 40)),
                (SafeText.CellsOf(label) * 3.7) + 10);
        }

        /// <summary>Where a line from the middle towards a point leaves the frame.</summary>
        public (double X, double Y) Edge(double towardsX, double towardsY)
        {
            double dx = towardsX - X;
            double dy = towardsY - Y;
            double share = Math.Min(HalfWidth / Math.Max(0.001, Math.Abs(dx)), HalfHeight / Math.Max(0.001, Math.Abs(dy)));
            return (X + (dx * Math.Min(1, share)), Y + (dy * Math.Min(1, share)));
        }
    }
}
