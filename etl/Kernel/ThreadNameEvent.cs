namespace Tracing.Etl.Kernel;

/// <summary>A thread that was given a name (Thread/SetName). The name is valid as long as the record.</summary>
/// <remarks>Source: TraceEvent's ThreadSetName: u32 process, u32 thread, then the name in UTF-16.</remarks>
public readonly ref struct ThreadNameEvent
{
    private const int NameAt = 8;

    /// <summary>The thread.</summary>
    public int ThreadId { get; private init; }

    /// <summary>Its process.</summary>
    public int ProcessId { get; private init; }

    /// <summary>Its new name; empty takes the name away.</summary>
    public ReadOnlySpan<char> Name { get; private init; }

    /// <summary>Reads a record.</summary>
    /// <returns>False if it is no such event, or too short.</returns>
    public static bool TryRead(in EtlRecord record, out ThreadNameEvent name)
    {
        name = default;
        KernelPayload payload = new(record.Payload, record.PointerSize);
        if (record.HookId != KernelHook.ThreadSetName || !payload.Has(NameAt))
        {
            return false;
        }

        name = new ThreadNameEvent { ProcessId = payload.Int32(0), ThreadId = payload.Int32(4), Name = payload.WideText(NameAt) };
        return true;
    }
}
