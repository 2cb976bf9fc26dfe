namespace Tracing.Etl.Kernel;

/// <summary>A thread that began, ended, or was there at an edge of the session. Its name is valid as long as the record.</summary>
/// <remarks>Source: classes Thread_V0_TypeGroup1 to Thread_V3_TypeGroup1 of the MSNT_SystemTrace documentation; the name that newer systems
/// append is read as TraceEvent's ThreadTraceData reads it.</remarks>
public readonly ref struct ThreadEvent
{
    /// <summary>What is said of it.</summary>
    public LifeEvent Life { get; private init; }

    /// <summary>The thread. The header's thread is the one that caused the event.</summary>
    public int ThreadId { get; private init; }

    /// <summary>Its process.</summary>
    public int ProcessId { get; private init; }

    /// <summary>Where it was started, as its maker said (Win32StartAddr); 0 where the version has none.</summary>
    public ulong StartAddress { get; private init; }

    /// <summary>Its name; empty if it has none, or the version has no names.</summary>
    public ReadOnlySpan<char> Name { get; private init; }

    /// <summary>Reads a record.</summary>
    /// <returns>False if it is no such event, or too short for its version.</returns>
    public static bool TryRead(in EtlRecord record, out ThreadEvent thread)
    {
        thread = default;
        if (record.HookId is < KernelHook.ThreadStart or > KernelHook.ThreadRundownEnd)
        {
            return false;
        }

        KernelPayload payload = new(record.Payload, record.PointerSize);
        int version = record.Version;
        int startAt = payload.At(8, 5);
        int nameAt = payload.At(16, 7);

        // Ends of version 1 stop after the two ids.
        bool hasStart = version > 1 || (version == 1 && payload.Has(startAt + payload.At(0, 1)));
        if (!payload.Has(hasStart ? startAt + payload.At(0, 1) : 8))
        {
            return false;
        }

        thread = new ThreadEvent
        {
            Life = (LifeEvent)(byte)record.HookId,
            ThreadId = payload.Int32(version == 0 ? 0 : 4),
            ProcessId = payload.Int32(version == 0 ? 4 : 0),
            StartAddress = hasStart ? payload.Pointer(startAt) : 0,
            Name = version < 3 ? default : payload.WideText(nameAt),
        };
        return true;
    }
}
