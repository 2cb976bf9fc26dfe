namespace Tracing.Etl.Kernel;

/// <summary>
/// The call stack of an event, told by a key: a stack that occurs again and again is written once, as a <see cref="StackDefinition"/>, which comes later than the references
/// to it.
/// </summary>
/// <remarks>Source: docs, ETL format notes, section 4.</remarks>
public readonly record struct StackReference
{
    /// <summary>Time of the event that the stack is of, in raw clock ticks.</summary>
    public long EventTime { get; private init; }

    /// <summary>Process of that event.</summary>
    public int ProcessId { get; private init; }

    /// <summary>Thread of that event.</summary>
    public int ThreadId { get; private init; }

    /// <summary>Key of the stack. It can be used again for another stack once a definition of it has come.</summary>
    public ulong Key { get; private init; }

    /// <summary>Whether it is the user part of the stack; else the kernel part.</summary>
    public bool IsUserPart { get; private init; }

    /// <summary>Reads a record.</summary>
    /// <returns>False if it is no such event, or too short.</returns>
    public static bool TryRead(in EtlRecord record, out StackReference reference)
    {
        reference = default;
        KernelPayload payload = new(record.Payload, record.PointerSize);
        ushort hook = record.HookId;
        if (hook is not (KernelHook.StackKeyKernel or KernelHook.StackKeyUser) || !payload.Has(payload.At(16, 1)))
        {
            return false;
        }

        reference = new StackReference
        {
            EventTime = payload.Int64(0),
            ProcessId = payload.Int32(8),
            ThreadId = payload.Int32(12),
            Key = payload.Pointer(16),
            IsUserPart = hook == KernelHook.StackKeyUser,
        };
        return true;
    }
}
