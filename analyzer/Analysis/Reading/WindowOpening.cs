using Tracing.Analysis.Loads;
using Tracing.Analysis.Mutexes;
using Tracing.Analysis.Ordering;

namespace Tracing.Analysis.Reading;

/// <summary>
/// Lets an analysis begin within a recording: it learns from one of what came before which mutexes are alive, who holds which, and who waits, as if the session had begun
/// there with a rundown. What it counts is only what comes from then on.
/// </summary>
internal static class WindowOpening
{
    /// <summary>Opens a window.</summary>
    /// <param name="before">Has been told of all that came before, and is not needed any more.</param>
    /// <param name="window">Has been told of nothing yet.</param>
    public static void Open(TraceAnalysis before, TraceAnalysis window)
    {
        window.ContinueFrom(before);
        DriverLoad earlier = before.Loads[^1];
        if (earlier.Stopped is not null)
        {
            return;
        }

        DriverLoad load = window.Loads[0];
        load.BuildId = earlier.BuildId;
        foreach (SiteLedger site in earlier.Sites.All)
        {
            if (site.Defined is not null)
            {
                load.Sites.Define(site.Id, site.Defined);
            }
        }

        load.Rundowns.ContinueFrom(earlier.Rundowns);
        Dictionary<int, int> processes = earlier.Threads.All.GroupBy(thread => thread.Id).ToDictionary(same => same.Key, same => same.Last().ProcessId);
        foreach (MutexLedger mutex in earlier.Mutexes.Where(mutex => !mutex.Freed))
        {
            MutexLedger continued = load.Mutex(mutex.Id);
            continued.ContinueFrom(mutex);
            OpenHold owner = mutex.Owner;
            if (before.LockEventsRecorded && owner.Sequence != 0)
            {
                ThreadLocks locks = load.Locking.Of(owner.ThreadId);
                ThreadLedger thread = load.Threads.Of(locks, processes.GetValueOrDefault(owner.ThreadId));
                continued.ContinueHold(owner, new LockUser(thread.Index, load.Sites.Get(owner.SiteId).Index, -1));
                load.Locking.Acquired(new AcquiredEvent(mutex.Id, owner.Sequence, 1, owner.AcquiredAt, owner.AcquiredAt, false, owner.SiteId), continued, locks, 0);
            }
        }

        foreach (ThreadLocks thread in earlier.Locking.Waiting)
        {
            LockWait wait = thread.Wait;
            window.Blocked(
                new BlockedEvent(wait.Mutex!.Id, wait.RequestedAt, wait.SiteId, (uint)wait.OwnerThreadId, wait.OwnerSequence),
                new EventOrigin(0, thread.ThreadId, -1, processes.GetValueOrDefault(thread.ThreadId)));
        }
    }
}
