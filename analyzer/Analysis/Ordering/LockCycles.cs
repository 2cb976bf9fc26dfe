using System.Runtime.InteropServices;

namespace Tracing.Analysis.Ordering;

/// <summary>
/// Searches the lock order graph for cycles that can become a deadlock: the orders must have been seen on different threads, and no lock may have
/// been held around two of them.
/// </summary>
/// <remarks>
/// <para>Cycles come by length, the shortest first, and one that goes through all locks of another is left out: to mend the short one is to
/// mend both. Each cycle is found from its first node, along paths that can still close in the length left.</para>
/// <para>There can be exponentially many paths, so the search ends after a number of steps and says so.</para>
/// </remarks>
public sealed class LockCycles
{
    /// <summary>The most cycles that are found.</summary>
    public const int MostCycles = 64;

    /// <summary>The most locks in a cycle: for so many orders it is known whether their threads can all be different.</summary>
    public const int LongestCycle = LockOrderEdge.MostThreads;

    // A tenth of a second at most; lock hierarchies of real drivers take thousands.
    private const int MostSteps = 4_000_000;
    private const int MostVariants = 16;

    private readonly LockOrderGraph _graph;
    private readonly List<LockNode> _nodes = [];
    private readonly SortedDictionary<int, LockOrderEdge[]>[] _next;
    private readonly List<int>[] _previous;
    private readonly List<LockOrderEdge[]> _cycles = [];
    private readonly List<int[]> _cycleNodes = [];
    private readonly List<int> _path = [];
    private readonly List<LockOrderEdge> _edges = [];
    private readonly int[] _distance;
    private int _steps;

    private LockCycles(LockOrderGraph graph)
    {
        _graph = graph;
        var numbers = new Dictionary<LockNode, int>();
        var between = new Dictionary<(int, int), List<LockOrderEdge>>();
        foreach (LockOrderEdge edge in graph.Edges())
        {
            (int held, int taken) = (Number(Final(edge.Key.Held)), Number(Final(edge.Key.Taken)));
            if (held != taken)
            {
                ref List<LockOrderEdge>? variants = ref CollectionsMarshal.GetValueRefOrAddDefault(between, (held, taken), out _);
                (variants ??= []).Add(edge);
            }
        }

        _next = [.. _nodes.Select(_ => new SortedDictionary<int, LockOrderEdge[]>())];
        _previous = [.. _nodes.Select(_ => new List<int>())];
        _distance = new int[_nodes.Count];
        foreach (((int held, int taken), List<LockOrderEdge> variants) in between)
        {
            _previous[taken].Add(held);
            _next[held].Add(taken, [.. variants.OrderByDescending(edge => edge.Count).Take(MostVariants)]);
        }

        LockNode Final(LockNode node) => node with { Class = graph.Classes.Final(node.Class) };

        int Number(LockNode node)
        {
            if (!numbers.TryGetValue(node, out int number))
            {
                number = _nodes.Count;
                numbers.Add(node, number);
                _nodes.Add(node);
            }

            return number;
        }
    }

    /// <summary>True when the search was given up before all paths were tried.</summary>
    public bool IsIncomplete { get; private set; }

    /// <summary>The cycles: each edge takes what the next one holds.</summary>
    public IReadOnlyList<IReadOnlyList<LockOrderEdge>> Found => _cycles;

    /// <summary>Searches a graph.</summary>
    public static LockCycles Search(LockOrderGraph graph)
    {
        var search = new LockCycles(graph);
        search.DropDeadEnds();
        search.Run();
        return search;
    }

    /// <summary>Takes out nodes that no cycle goes through, because nothing leads to them or from them.</summary>
    private void DropDeadEnds()
    {
        int[] incoming = [.. _previous.Select(nodes => nodes.Count)];
        var sources = new Stack<int>(Enumerable.Range(0, _next.Length).Where(node => incoming[node] == 0));
        while (sources.TryPop(out int source))
        {
            foreach (int to in _next[source].Keys)
            {
                if (--incoming[to] == 0)
                {
                    sources.Push(to);
                }
            }

            _next[source].Clear();
        }

        var sinks = new Stack<int>(Enumerable.Range(0, _next.Length).Where(node => _next[node].Count == 0));
        while (sinks.TryPop(out int sink))
        {
            foreach (int from in _previous[sink])
            {
                if (_next[from].Remove(sink) && _next[from].Count == 0)
                {
                    sinks.Push(from);
                }
            }
        }
    }

    private void Run()
    {
        int[] starts = [.. Enumerable.Range(0, _next.Length).Where(node => _next[node].Count > 0)];
        for (int length = 2; length <= Math.Min(LongestCycle, starts.Length); length++)
        {
            foreach (int start in starts)
            {
                MeasureDistances(start);
                _path.Add(start);
                Extend(start, length);
                _path.Clear();
                if (_cycles.Count == MostCycles || _steps > MostSteps)
                {
                    IsIncomplete = true;
                    return;
                }
            }
        }
    }

    /// <summary>How many orders lead from each node to the start, through nodes behind it only.</summary>
    private void MeasureDistances(int start)
    {
        Array.Fill(_distance, int.MaxValue);
        _distance[start] = 0;
        var reached = new Queue<int>([start]);
        while (reached.TryDequeue(out int node))
        {
            foreach (int from in _previous[node].Where(from => from > start && _distance[from] == int.MaxValue && _next[from].ContainsKey(node)))
            {
                _steps++;
                _distance[from] = _distance[node] + 1;
                reached.Enqueue(from);
            }
        }
    }

    private void Extend(int start, int left)
    {
        foreach ((int to, LockOrderEdge[] variants) in _next[_path[^1]])
        {
            bool closes = to == start;
            if (closes != (left == 1) || to < start || _distance[to] > left - 1 || (!closes && _path.Contains(to)))
            {
                continue;
            }

            _path.Add(to);
            if (closes || !GoesThroughKnownCycle())
            {
                foreach (LockOrderEdge edge in variants)
                {
                    if (++_steps > MostSteps || _cycles.Count == MostCycles)
                    {
                        break;
                    }

                    if (_edges.Exists(earlier => _graph.SharesGate(earlier, edge)))
                    {
                        continue;
                    }

                    _edges.Add(edge);
                    bool found = closes && Close();
                    if (!closes)
                    {
                        Extend(start, left - 1);
                    }

                    _edges.RemoveAt(_edges.Count - 1);
                    if (found || GoesThroughKnownCycle())
                    {
                        break;
                    }
                }
            }

            _path.RemoveAt(_path.Count - 1);
        }
    }

    private bool Close()
    {
        if (GoesThroughKnownCycle() || !DifferentThreads.Exist([.. _edges.Select(edge => edge.ThreadIds)]))
        {
            return false;
        }

        LockOrderEdge[] cycle = [.. _edges];
        if (cycle.Length == 2 && _graph.Nearest(cycle[0]) is OrderPair { Nearest: LockOrderEdge edge, NearestOpposite: LockOrderEdge opposite })
        {
            cycle = edge.Key.Held == cycle[0].Key.Held ? [edge, opposite] : [opposite, edge];
        }

        _cycles.Add(cycle);
        _cycleNodes.Add([.. _path.Skip(1)]);
        return true;
    }

    private bool GoesThroughKnownCycle() => _cycleNodes.Exists(nodes => Array.TrueForAll(nodes, _path.Contains));
}
