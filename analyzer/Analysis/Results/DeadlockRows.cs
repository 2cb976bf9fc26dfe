using Tracing.Analysis.Durations;
using Tracing.Analysis.Loads;
using Tracing.Analysis.Ordering;
using Tracing.Events;
using Tracing.Reports.Model;

namespace Tracing.Analysis.Results;

/// <summary>Makes the rows of the deadlocks of one load.</summary>
internal sealed class DeadlockRows(DriverLoad load, MutexNames names, TickScale scale, TraceTime time)
{
    public IEnumerable<Deadlock> Make() => load.Locking.Deadlocks.Known.Select(known => new Deadlock(
        [.. known.Members.Select(member => Make(member, known.EndedAt))], EndOf(known), scale.ToNanoseconds(time.SinceStart(known.FormedAt)),
        Between(known.FormedAt, known.EndedAt), known.Count));

    private DeadlockWait Make(DeadlockMember member, ulong endedAt) => new(
        member.ThreadId, member.Mutex.Id, names.Of(member.Mutex, load), load.Sites.Find(member.SiteId), Between(member.RequestedAt, endedAt),
        member.HolderThreadId, load.Sites.Find(member.HolderSiteId));

    private static DeadlockEnd EndOf(KnownDeadlock known) => (AcquireFailure?)known.Reason switch
    {
        null when known.IsCertain => DeadlockEnd.None,
        AcquireFailure.TimedOut => DeadlockEnd.TimedOut,
        AcquireFailure.Alerted => DeadlockEnd.Alerted,
        AcquireFailure.UserApc => DeadlockEnd.UserApc,
        _ => DeadlockEnd.Unknown,
    };

    private long Between(ulong from, ulong to) => to > from ? scale.ToNanoseconds(to - from) : 0;
}
