namespace Tracing.Etl.Kernel;

/// <summary>
/// The call stack of an event that was written before: of the one with the time <see cref="EventTime"/> on the same thread. An event can have two, the kernel part and,
/// later, the user part. Valid as long as the record.
/// </summary>
/// <remarks>Source: class StackWalk_Event of the MSNT_SystemTrace documentation; docs: ETL format notes, section 4.</remarks>
public readonly ref struct StackWalk
{
    private const int StackAt = 16;

    /// <summary>Time of the event that the stack is of, in raw clock ticks.</summary>
    public long EventTime { get; private init; }

    /// <summary>Process of that event.</summary>
    public int ProcessId { get; private init; }

    /// <summary>Thread of that event.</summary>
    public int ThreadId { get; private init; }

    /// <summary>The return addresses, innermost first.</summary>
    public EtlStack Stack { get; private init; }

    /// <summary>Reads a record.</summary>
    /// <returns>False if it is no such event, or too short.</returns>
    public static bool TryRead(in EtlRecord record, out StackWalk walk)
    {
        walk = default;
        KernelPayload payload = new(record.Payload, record.PointerSize);
        if (record.HookId != KernelHook.StackWalk || !payload.Has(StackAt))
        {
            return false;
        }

        walk = new StackWalk
        {
            EventTime = payload.Int64(0),
            ProcessId = payload.Int32(8),
            ThreadId = payload.Int32(12),
            Stack = payload.Stack(StackAt),
        };
        return true;
    }
}
