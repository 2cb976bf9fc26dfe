namespace Tracing.Etl.Kernel;

/// <summary>A process that began, ended, or was there at an edge of the session. Its texts are valid as long as the record.</summary>
/// <remarks>Source: classes Process_V0_TypeGroup1 to Process_V4_TypeGroup1 of the MSNT_SystemTrace documentation.</remarks>
public readonly ref struct ProcessEvent
{
    /// <summary>What is said of it.</summary>
    public LifeEvent Life { get; private init; }

    /// <summary>The process. The header's process is the one that caused the event.</summary>
    public int ProcessId { get; private init; }

    /// <summary>The process that made it.</summary>
    public int ParentId { get; private init; }

    /// <summary>Terminal session, or -1 where the version has none.</summary>
    public int SessionId { get; private init; }

    /// <summary>What it ended with; 259 (STILL_ACTIVE) while it runs, 0 where the version has none.</summary>
    public int ExitStatus { get; private init; }

    /// <summary>Name of its image without a folder, in the machine's ANSI code page, which for file names of programs is nearly always ASCII.</summary>
    public ReadOnlySpan<byte> ImageFileName { get; private init; }

    /// <summary>Its command line; empty where the version has none.</summary>
    public ReadOnlySpan<char> CommandLine { get; private init; }

    /// <summary>Reads a record.</summary>
    /// <returns>False if it is no such event, or too short for its version.</returns>
    public static bool TryRead(in EtlRecord record, out ProcessEvent process)
    {
        process = default;
        if (record.HookId is < KernelHook.ProcessStart or > KernelHook.ProcessRundownEnd)
        {
            return false;
        }

        KernelPayload payload = new(record.Payload, record.PointerSize);
        int version = record.Version;

        // Version 0 begins with the two ids, each as wide as a pointer; later ones with a key or a page directory of that width, and ids of 4 bytes.
        int processAt = version == 0 ? 0 : payload.At(0, 1);
        int parentAt = version == 0 ? payload.At(0, 1) : payload.At(4, 1);
        int sidAt = version switch
        {
            0 => payload.At(0, 2),
            1 or 2 => payload.At(16, 1),
            3 => payload.At(16, 2),
            _ => payload.At(20, 2),
        };
        int nameAt = payload.AfterUserSid(sidAt);
        if (nameAt < 0)
        {
            return false;
        }

        ReadOnlySpan<byte> name = payload.Text(nameAt);
        process = new ProcessEvent
        {
            Life = (LifeEvent)(byte)record.HookId,
            ProcessId = payload.Int32(processAt),
            ParentId = payload.Int32(parentAt),
            SessionId = version == 0 ? -1 : payload.Int32(payload.At(8, 1)),
            ExitStatus = version == 0 ? 0 : payload.Int32(payload.At(12, 1)),
            ImageFileName = name,
            CommandLine = version < 2 ? default : payload.WideText(nameAt + name.Length + 1),
        };
        return true;
    }
}
