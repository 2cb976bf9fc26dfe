namespace Tracing.Etl.Kernel;

/// <summary>
/// A deferred procedure call that has run on the record's processor, from <see cref="EnteredAt"/> until the record's time. The thread that it interrupted did not run.
/// </summary>
/// <remarks>Source: class DPC of the MSNT_SystemTrace documentation. A threaded one runs in a thread of its own, and may be preempted.</remarks>
public readonly record struct DeferredCall
{
    /// <summary>What made it run.</summary>
    public DeferredCallKind Kind { get; private init; }

    /// <summary>When it began, in raw clock ticks. A damaged record may say anything: nothing promises that it lies before the record's time.</summary>
    public long EnteredAt { get; private init; }

    /// <summary>The address of the routine.</summary>
    public ulong Routine { get; private init; }

    /// <summary>Reads a record.</summary>
    /// <returns>False if it is no such event, or too short.</returns>
    public static bool TryRead(in EtlRecord record, out DeferredCall call)
    {
        call = default;
        DeferredCallKind kind = record.HookId switch
        {
            KernelHook.Dpc => DeferredCallKind.Plain,
            KernelHook.ThreadedDpc => DeferredCallKind.Threaded,
            KernelHook.TimerDpc => DeferredCallKind.Timer,
            _ => DeferredCallKind.None,
        };
        KernelPayload payload = new(record.Payload, record.PointerSize);
        if (kind == DeferredCallKind.None || !payload.Has(payload.At(8, 1)))
        {
            return false;
        }

        call = new DeferredCall { Kind = kind, EnteredAt = payload.Int64(0), Routine = payload.Pointer(8) };
        return true;
    }
}

/// <summary>What made a deferred procedure call run.</summary>
public enum DeferredCallKind : byte
{
    /// <summary>No such call. Never delivered.</summary>
    None,

    /// <summary>It was queued, as a rule by an interrupt.</summary>
    Plain,

    /// <summary>It was queued to run in a thread (ThreadedDPC).</summary>
    Threaded,

    /// <summary>A timer ran out (TimerDPC).</summary>
    Timer,
}
