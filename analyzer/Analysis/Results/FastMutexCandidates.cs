using System.Runtime.InteropServices;
using Tracing.Analysis.Loads;
using Tracing.Analysis.Mutexes;
using Tracing.Events;
using Tracing.Reports.Model;

namespace Tracing.Analysis.Results;

/// <summary>Finds the classes of KMutexes of which nothing was asked that a FastMutex cannot give. For recordings that have every acquire and miss no event: an acquire that gave up has no number that could be missed.</summary>
internal sealed class FastMutexCandidates(MutexNames names)
{
    private const AcquiredFlags Beyond = AcquiredFlags.Recursive | AcquiredFlags.Timed | AcquiredFlags.Alertable | AcquiredFlags.Abandoned;

    private readonly Dictionary<(DriverLoad Load, string Label, uint SiteId), Tally> _tallies = [];

    /// <summary>Takes a mutex, closed.</summary>
    public void Take(MutexLedger mutex, DriverLoad load)
    {
        ref Tally tally = ref CollectionsMarshal.GetValueRefOrAddDefault(_tallies, (load, mutex.Label, mutex.SiteId), out bool known);
        tally.Only = known ? null : mutex;
        tally.Acquires += mutex.Acquires;
        tally.IsRuledOut |= !CouldBe(mutex);
    }

    public IReadOnlyList<FastMutexCandidate> Make()
    {
        bool tellsBuilds = _tallies.Keys.Select(key => key.Load.BuildId).Distinct().Skip(1).Any();
        return
        [
            .. _tallies.GroupBy(pair => new MutexClass(pair.Key.Label, pair.Key.Load.Sites.Find(pair.Key.SiteId), MutexRows.BuildOf(pair.Key.Load)))
                .Where(same => !same.Any(pair => pair.Value.IsRuledOut))
                .Select(same => new FastMutexCandidate(
                    NameOf([.. same.Select(pair => (pair.Value.Only, pair.Key.Load))], same.Key, tellsBuilds), same.Key, same.SaturatingSum(pair => pair.Value.Acquires)))
                .OrderByDescending(row => row.Acquires).ThenBy(row => row.Class.Label, StringComparer.Ordinal).ThenBy(row => row.Class.Site, SourceSite.Order)
                .ThenBy(row => row.Class.Build, StringComparer.Ordinal),
        ];
    }

    private string NameOf((MutexLedger? Only, DriverLoad Load)[] mutexes, MutexClass shared, bool tellsBuilds)
    {
        string name = mutexes is [(MutexLedger only, DriverLoad load)] ? names.Of(only, load) : shared.Name;
        return tellsBuilds ? shared.WithBuild(name) : name;
    }

    private static bool CouldBe(MutexLedger mutex) =>
        (MutexKind)mutex.Kind == MutexKind.KMutex && mutex.Acquires > 0 && mutex.MissingSequences == 0 && mutex.DeepestRecursion <= 1 && mutex.Failed == 0
        && ((AcquiredFlags)mutex.AcquireFlags & Beyond) == 0;

    private struct Tally
    {
        public MutexLedger? Only;
        public long Acquires;
        public bool IsRuledOut;
    }
}
