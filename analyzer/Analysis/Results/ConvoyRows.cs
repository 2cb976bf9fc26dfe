using Tracing.Analysis.Durations;
using Tracing.Analysis.Loads;
using Tracing.Reports.Model;

namespace Tracing.Analysis.Results;

/// <summary>Makes the rows of convoys, the costliest first.</summary>
internal sealed class ConvoyRows(IReadOnlyList<DriverLoad> loads, MutexNames names, TickScale scale, TraceTime time)
{
    public IReadOnlyList<Convoy> Make() =>
    [
        .. from load in loads
           from mutex in load.WaitedFor.Where(mutex => mutex.Division!.Convoys.Runs > 0)
           let tally = mutex.Division!.Convoys
           let run = tally.Longest
           let row = new Convoy(
               mutex.Id, names.Of(mutex, load), scale.ToNanoseconds(time.SinceStart(run.Onset)), run.Length,
               scale.ToNanoseconds(run.End - run.Onset), scale.ToNanoseconds(run.Cost), tally.Runs)
           orderby row.CostNs descending, row.Length descending, row.MutexId, row.OnsetNs
           select row,
    ];
}
