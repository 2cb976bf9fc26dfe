namespace Tracing.Etl.Kernel;

/// <summary>A thread was made ready to run, by whatever runs on the record's processor at its time.</summary>
/// <remarks>Source: class ReadyThread of the MSNT_SystemTrace documentation.</remarks>
public readonly record struct ReadyThread
{
    private const int Length = 7;
    private const byte DpcFlag = 1;

    /// <summary>The thread that can run now.</summary>
    public int ThreadId { get; private init; }

    /// <summary>Why its priority was adjusted: 0 not, 1 unwait, 2 boost.</summary>
    public sbyte AdjustReason { get; private init; }

    /// <summary>By how much its priority was adjusted.</summary>
    public sbyte AdjustIncrement { get; private init; }

    /// <summary>Whether it was made ready by a deferred procedure call, and not by the thread that the call had interrupted.</summary>
    public bool ByDpc { get; private init; }

    /// <summary>Reads a record.</summary>
    /// <returns>False if it is no such event, or too short.</returns>
    public static bool TryRead(in EtlRecord record, out ReadyThread ready)
    {
        ready = default;
        KernelPayload payload = new(record.Payload, record.PointerSize);
        if (record.HookId != KernelHook.ReadyThread || !payload.Has(Length))
        {
            return false;
        }

        ready = new ReadyThread
        {
            ThreadId = payload.Int32(0),
            AdjustReason = (sbyte)payload.Byte(4),
            AdjustIncrement = (sbyte)payload.Byte(5),
            ByDpc = (payload.Byte(6) & DpcFlag) != 0,
        };
        return true;
    }
}
