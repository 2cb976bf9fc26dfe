namespace Tracing.Etl.Kernel;

/// <summary>A processor went from one thread to another (CSwitch), at the record's time and on its processor.</summary>
/// <remarks>Source: classes CSwitch_V1 and CSwitch of the MSNT_SystemTrace documentation. Thread 0 is the idle thread.</remarks>
public readonly record struct ContextSwitch
{
    /// <summary>Bytes that every version has.</summary>
    private const int Length = 20;

    /// <summary>The thread that runs from now on; 0 for idle.</summary>
    public int NewThreadId { get; private init; }

    /// <summary>The thread that ran until now; 0 for idle.</summary>
    public int OldThreadId { get; private init; }

    /// <summary>Priority of the new thread, 0 to 31.</summary>
    public sbyte NewPriority { get; private init; }

    /// <summary>Priority of the old thread, 0 to 31.</summary>
    public sbyte OldPriority { get; private init; }

    /// <summary>Why the old thread waits (KWAIT_REASON), if <see cref="OldState"/> says that it does.</summary>
    public byte OldWaitReason { get; private init; }

    /// <summary>Whether the old thread waits in user mode: its stack can then be paged out.</summary>
    public bool OldWaitsInUserMode { get; private init; }

    /// <summary>What the old thread is from now on.</summary>
    public ThreadState OldState { get; private init; }

    /// <summary>How long the new thread had waited, in ticks of the timer interrupt, as the kernel tells it.</summary>
    public uint NewWaitTime { get; private init; }

    /// <summary>Reads a record.</summary>
    /// <returns>False if it is no such event, too short, or of version 0, whose layout is not documented.</returns>
    public static bool TryRead(in EtlRecord record, out ContextSwitch contextSwitch)
    {
        contextSwitch = default;
        KernelPayload payload = new(record.Payload, record.PointerSize);
        if (record.HookId != KernelHook.ContextSwitch || record.Version == 0 || !payload.Has(Length))
        {
            return false;
        }

        contextSwitch = new ContextSwitch
        {
            NewThreadId = payload.Int32(0),
            OldThreadId = payload.Int32(4),
            NewPriority = (sbyte)payload.Byte(8),
            OldPriority = (sbyte)payload.Byte(9),
            OldWaitReason = payload.Byte(12),
            OldWaitsInUserMode = payload.Byte(13) == 1,
            OldState = (ThreadState)payload.Byte(14),
            NewWaitTime = payload.UInt32(16),
        };
        return true;
    }
}
