using ThreadState = Tracing.Etl.Kernel.ThreadState;

namespace Tracing.Analysis.Scheduling;

/// <summary>What each thread does and which runs where, by the kernel's scheduling events in the order of time.</summary>
/// <remarks>
/// Nothing is taken for granted: a thread is unknown until an event names it, and where two events contradict each other because others are missing, the time
/// between them is unknown. Without ReadyThread events a wait lasts until the thread runs.
/// </remarks>
internal sealed class Scheduler
{
    private const int MostThreads = 1 << 14;
    private const int MostProcessors = 1 << 12;

    private readonly Dictionary<int, ThreadSchedule> _threads = [];
    private readonly Dictionary<int, ThreadSchedule?> _runningOn = [];

    /// <summary>Whether any switch was seen: without one nothing is known of any thread.</summary>
    public bool IsInformed { get; private set; }

    /// <summary>Takes an event.</summary>
    public void Take(in SchedulingEvent scheduling)
    {
        if (scheduling.Time < 0)
        {
            return;
        }

        switch (scheduling.Kind)
        {
            case SchedulingEventKind.Switch:
                Switch(scheduling);
                break;
            case SchedulingEventKind.Ready:
                if (Of(scheduling.ThreadId) is { Now: ThreadActivity.Waiting or ThreadActivity.Unknown } ready)
                {
                    ready.Become(ThreadActivity.Ready, scheduling.Time);
                }

                break;
            case SchedulingEventKind.Interrupt:
                if (_runningOn.GetValueOrDefault(scheduling.Processor) is { } running && running.Processor == scheduling.Processor)
                {
                    running.Interrupted(scheduling.EnteredAt, scheduling.Time);
                }

                break;
        }
    }

    /// <summary>Remembers where a hold begins.</summary>
    /// <param name="threadId">Who acquired.</param>
    /// <param name="mutex">What.</param>
    /// <param name="sequence">Number of the acquire.</param>
    /// <param name="at">When, in ticks.</param>
    public void Acquired(int threadId, ulong mutex, ulong sequence, long at) => _threads.GetValueOrDefault(threadId)?.Acquired(mutex, sequence, at);

    /// <summary>Divides a hold that has ended by what its thread did; the parts add up to its length.</summary>
    public ActivityTicks Released(int threadId, ulong mutex, ulong sequence, long acquiredAt, long releasedAt) =>
        _threads.GetValueOrDefault(threadId)?.Released(mutex, sequence, acquiredAt, releasedAt) ?? new ActivityTicks { Unknown = releasedAt - acquiredAt };

    private void Switch(in SchedulingEvent change)
    {
        IsInformed = true;
        if (Of(change.OldThreadId) is { } old)
        {
            if (old.Now is not (ThreadActivity.Running or ThreadActivity.Unknown))
            {
                old.Doubt();
            }

            old.Become(After(change.OldState), change.Time);
        }

        ThreadSchedule? next = Of(change.ThreadId);
        if (next is not null)
        {
            if (next.Now == ThreadActivity.Running)
            {
                next.Doubt();
            }

            next.Run(change.Processor, change.Time);
        }

        if (_runningOn.Count < MostProcessors || _runningOn.ContainsKey(change.Processor))
        {
            _runningOn[change.Processor] = next;
        }
    }

    /// <summary>The account of a thread; null for idle, and for threads beyond the number that is kept.</summary>
    private ThreadSchedule? Of(int threadId)
    {
        if (threadId == 0)
        {
            return null;
        }

        if (!_threads.TryGetValue(threadId, out ThreadSchedule? thread) && _threads.Count < MostThreads)
        {
            thread = new ThreadSchedule();
            _threads.Add(threadId, thread);
        }

        return thread;
    }

    // In transition a thread has its stack paged out: it cannot run until that is back.
    private static ThreadActivity After(ThreadState state) => state switch
    {
        ThreadState.Ready or ThreadState.Standby or ThreadState.DeferredReady => ThreadActivity.Ready,
        ThreadState.Waiting or ThreadState.Transition => ThreadActivity.Waiting,
        _ => ThreadActivity.Unknown,
    };
}
