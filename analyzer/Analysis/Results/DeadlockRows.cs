using Tracing.Analysis.Durations;
using Tracing.Analysis.Loads;
using Tracing.Analysis.Ordering;
using Tracing.Events;
using Tracing.Reports.Model;

namespace Tracing.Analysis.Results;

/// <summary>Makes the rows of the deadlocks of one load.</summary>
internal sealed class DeadlockRows(DriverLoad load, MutexNames names, TickScale scale, TraceTime time, bool isComplete)
{
    public IEnumerable<Deadlock> Make() => load.Locking.Deadlocks.Known.Select(known => Make(known.First, known.Count));

    private Deadlock Make(OpenDeadlock deadlock, long count) => new(
        [.. deadlock.Members.Select(member => Make(member, deadlock.EndedAt))], EndOf(deadlock), scale.ToNanoseconds(time.SinceStart(deadlock.FormedAt)),
        Between(deadlock.FormedAt, deadlock.EndedAt), count)
    {
        IsCertain = isComplete,
    };

    private DeadlockWait Make(DeadlockMember member, ulong endedAt) => new(
        member.ThreadId, member.Mutex.Id, names.Of(member.Mutex, load), load.Sites.Find(member.SiteId), Between(member.RequestedAt, endedAt),
        member.HolderThreadId, load.Sites.Find(member.HolderSiteId));

    private DeadlockEnd EndOf(OpenDeadlock deadlock) => (AcquireFailure?)deadlock.Reason switch
    {
        null when isComplete => DeadlockEnd.None,
        AcquireFailure.TimedOut => DeadlockEnd.TimedOut,
        AcquireFailure.Alerted => DeadlockEnd.Alerted,
        AcquireFailure.UserApc => DeadlockEnd.UserApc,
        _ => DeadlockEnd.Unknown,
    };

    private long Between(ulong from, ulong to) => to > from ? scale.ToNanoseconds(to - from) : 0;
}
