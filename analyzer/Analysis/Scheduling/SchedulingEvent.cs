using Tracing.Etl;
using Tracing.Etl.Kernel;
using ThreadState = Tracing.Etl.Kernel.ThreadState;

namespace Tracing.Analysis.Scheduling;

/// <summary>An event of the kernel that tells what threads do: small, and free of pointers, to be copied from the reading thread to the analysing one.</summary>
/// <param name="Kind">What it tells.</param>
/// <param name="Time">Its header time, in ticks.</param>
/// <param name="Processor">The processor that it was written on.</param>
/// <param name="ThreadId">The thread that is switched to, or made ready; 0 for idle.</param>
/// <param name="OldThreadId">The thread that is switched from; 0 for idle.</param>
/// <param name="OldState">What that one is from now on.</param>
/// <param name="EnteredAt">When the interrupt or the call began that now ends, in ticks.</param>
internal readonly record struct SchedulingEvent(
    SchedulingEventKind Kind, long Time, int Processor, int ThreadId, int OldThreadId, ThreadState OldState, long EnteredAt)
{
    /// <summary>Reads a record.</summary>
    /// <returns>False if it is no such event, or damaged.</returns>
    public static bool TryRead(in EtlRecord record, out SchedulingEvent scheduling)
    {
        scheduling = new SchedulingEvent { Time = record.Time, Processor = record.Processor };
        switch (record.HookId)
        {
            case KernelHook.ContextSwitch when ContextSwitch.TryRead(record, out ContextSwitch change):
                scheduling = scheduling with
                {
                    Kind = SchedulingEventKind.Switch,
                    ThreadId = change.NewThreadId,
                    OldThreadId = change.OldThreadId,
                    OldState = change.OldState,
                };
                return true;
            case KernelHook.ReadyThread when ReadyThread.TryRead(record, out ReadyThread ready):
                scheduling = scheduling with { Kind = SchedulingEventKind.Ready, ThreadId = ready.ThreadId };
                return true;

            // A threaded call runs in a thread, and the switch to that tells of it.
            case KernelHook.Dpc or KernelHook.TimerDpc when DeferredCall.TryRead(record, out DeferredCall call):
                scheduling = scheduling with { Kind = SchedulingEventKind.Interrupt, EnteredAt = call.EnteredAt };
                return true;
            case KernelHook.Interrupt when Interrupt.TryRead(record, out Interrupt interrupt):
                scheduling = scheduling with { Kind = SchedulingEventKind.Interrupt, EnteredAt = interrupt.EnteredAt };
                return true;
            default:
                return false;
        }
    }
}

/// <summary>What a <see cref="SchedulingEvent"/> tells.</summary>
internal enum SchedulingEventKind : byte
{
    /// <summary>A processor goes from one thread to another.</summary>
    Switch,

    /// <summary>A thread can run.</summary>
    Ready,

    /// <summary>An interrupt or a deferred procedure call has ended.</summary>
    Interrupt,
}
