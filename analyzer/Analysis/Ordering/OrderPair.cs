namespace Tracing.Analysis.Ordering;

/// <summary>The edges from one node to another, and how near they came in time to an edge of the opposite direction.</summary>
public sealed class OrderPair
{
    // So many are compared each time that an order is seen which contradicts another.
    private const int MostEdges = 16;

    private readonly List<LockOrderEdge> _edges = [];

    /// <summary>The edges, the first seen first: as many as are compared.</summary>
    public IReadOnlyList<LockOrderEdge> Edges => _edges;

    /// <summary>Of these edges the one that came nearest; null when none met an opposite.</summary>
    public LockOrderEdge? Nearest { get; private set; }

    /// <summary>The opposite edge that it came near.</summary>
    public LockOrderEdge? NearestOpposite { get; private set; }

    /// <summary>The time between the two, in ticks.</summary>
    public ulong NearestTicks { get; private set; } = ulong.MaxValue;

    /// <summary>Adds an edge.</summary>
    public void Join(LockOrderEdge edge)
    {
        if (_edges.Count < MostEdges)
        {
            _edges.Add(edge);
        }
    }

    /// <summary>Two opposite orders came near.</summary>
    public void Note(LockOrderEdge edge, LockOrderEdge opposite, ulong ticks)
    {
        if (ticks < NearestTicks || Nearest is null)
        {
            (Nearest, NearestOpposite, NearestTicks) = (edge, opposite, ticks);
        }
    }
}
