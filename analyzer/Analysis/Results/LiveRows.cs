using Tracing.Analysis.Durations;
using Tracing.Analysis.Loads;
using Tracing.Analysis.Mutexes;
using Tracing.Reports.Model;

namespace Tracing.Analysis.Results;

/// <summary>Makes the rows of the mutexes of one load that are live at the end, and of their number over time.</summary>
internal sealed class LiveRows(DriverLoad load, MutexNames names, TickScale scale, TraceTime time, bool isLight, RecordingFacts recording)
{
    private readonly ulong _end = load.Stopped?.At ?? time.End;
    private readonly long _live = load.Stopped is null ? 0 : load.CountLive();

    /// <summary>Whether a mutex was live at the end. That of one which has no free may be missing.</summary>
    public bool IsLive(MutexLedger ledger) => ledger.Live && !(recording.MissesEvents && load.Stopped is { LiveMutexes: 0 });

    public LiveMutexRow Make(MutexLedger ledger)
    {
        OpenHold? held = ledger.HeldAtEnd;
        bool wasUsed = !isLight && ledger.LastUsedAt != 0;
        return new LiveMutexRow
        {
            Id = ledger.Id,
            Label = ledger.Label,
            Name = names.Of(ledger, load),
            Site = load.Sites.Find(ledger.SiteId),
            Address = ledger.Address,
            Bytes = ledger.PoolSize,
            AgeNs = ledger.AllocatedAt > _end ? null : Since(ledger.AllocatedAt),
            BornInTrace = ledger.BornInTrace,
            Class = Judge(ledger),
            OwnerThreadId = held?.ThreadId,
            OwnerSite = held is OpenHold hold ? load.Sites.Find(hold.SiteId) : null,
            HeldForNs = held is OpenHold since ? Since(since.AcquiredAt) : null,
            Waiters = load.Locking.WaitersOf(ledger),
            LastUsedNs = wasUsed ? Since(ledger.LastUsedAt) : null,
            LastThreadId = wasUsed ? load.Threads.All[ledger.LastUser].Id : null,
        };
    }

    public IEnumerable<LiveGrowth> MakeGrowth() => load.LiveCurves.BySite.Select(curve => new LiveGrowth(
        load.Sites.Find(curve.Key), curve.Value.Allocations, curve.Value.Frees, curve.Value.Slope * scale.Frequency, Rises(curve.Value),
        [.. curve.Value.Points.Select(point => new LivePoint(scale.ToNanoseconds(time.SinceStart(Math.Min(point.At, _end))), point.Live))]));

    private LiveClass Judge(MutexLedger ledger)
    {
        if (load.Stopped is DriverLoad.Unload stopped)
        {
            // The driver may have more than the recording knows of: they were born before it.
            return stopped.LiveMutexes == _live || (stopped.LiveMutexes > _live && !recording.MissesEvents) ? LiveClass.Leaked : LiveClass.Doubtful;
        }

        if (ledger.BornInTrace && load.LiveCurves.BySite.TryGetValue(ledger.SiteId, out LiveCurve? curve) && Rises(curve))
        {
            return LiveClass.Growing;
        }

        if (ledger.HeldAtEnd is OpenHold held)
        {
            return _end - Math.Min(_end, held.AcquiredAt) > ledger.Holds.Max ? LiveClass.Stuck : LiveClass.InUse;
        }

        ulong quietSince = Math.Max(time.Start, Math.Max(ledger.AllocatedAt, ledger.LastUsedAt));
        return !isLight && _end > quietSince && _end - quietSince >= (_end - time.Start) / 2 ? LiveClass.Idle : LiveClass.InUse;
    }

    private bool Rises(LiveCurve curve) => !recording.MissesEvents && curve.Rises;

    private long? Since(ulong at) => at == 0 ? null : scale.ToNanoseconds(_end - Math.Min(_end, at));
}
