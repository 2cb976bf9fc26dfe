using Tracing.Analysis.Durations;
using Tracing.Analysis.Loads;
using Tracing.Analysis.Mutexes;
using Tracing.Analysis.Ordering;
using Tracing.Reports.Model;

namespace Tracing.Analysis.Results;

/// <summary>Makes the rows of the lock order graph of one load, and of the cycles in it.</summary>
internal sealed class LockOrderRows(DriverLoad load, MutexNames names, TickScale scale, TraceTime time, bool everyAcquire)
{
    private readonly LockOrderGraph _graph = load.Locking.Orders;

    public IEnumerable<LockOrder> MakeOrders() => _graph.Edges().Select(Make);

    public IEnumerable<PossibleDeadlock> MakeCycles(LockCycles cycles) => cycles.Found.Select(cycle => new PossibleDeadlock(
        [.. cycle.Select(Make)],
        cycle.Count == 2 && _graph.Nearest(cycle[0]) is OrderPair pair ? scale.ToNanoseconds(pair.NearestTicks) : null,
        Enumerable.Range(0, cycle.Count).All(i => cycle[i].TakenMutexId != 0 && cycle[i].TakenMutexId == cycle[(i + 1) % cycle.Count].HeldMutexId))
    {
        IsCertain = everyAcquire,
    });

    private LockOrder Make(LockOrderEdge edge) => new(
        Name(edge.Key.Held), load.Sites.Find(edge.Key.HeldSiteId), Name(edge.Key.Taken), load.Sites.Find(edge.Key.TakenSiteId),
        [.. _graph.Guards[edge.Key.Guards].Select(guard => MutexNames.OfClass(_graph.Classes.MemberOf(guard), load)).Order(StringComparer.Ordinal)],
        edge.Count, [.. edge.ThreadIds.Order()], scale.ToNanoseconds(time.SinceStart(Math.Min(edge.FirstAt, time.End))));

    private string Name(LockNode node) =>
        node.MutexId != 0 && load.Find(node.MutexId) is MutexLedger mutex ? names.Of(mutex, load) : MutexNames.OfClass(_graph.Classes.MemberOf(node.Class), load);
}
