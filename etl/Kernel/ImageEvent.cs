namespace Tracing.Etl.Kernel;

/// <summary>An image (a program, library or driver) that was loaded, unloaded, or was there at an edge of the session. Its path is valid as long as the record.</summary>
/// <remarks>Source: classes Image_V0, Image_V1 and Image_Load of the MSNT_SystemTrace documentation.</remarks>
public readonly ref struct ImageEvent
{
    /// <summary>What is said of it.</summary>
    public LifeEvent Life { get; private init; }

    /// <summary>The address of its first byte.</summary>
    public ulong Base { get; private init; }

    /// <summary>Bytes from its first to its last section.</summary>
    public ulong Size { get; private init; }

    /// <summary>The process it is in; 0 for drivers and the kernel, which are in all. -1 where the version does not say.</summary>
    public int ProcessId { get; private init; }

    /// <summary>Checksum of its header; 0 where the version has none.</summary>
    public uint Checksum { get; private init; }

    /// <summary>Time stamp of its header; 0 where the version has none.</summary>
    public uint TimeDateStamp { get; private init; }

    /// <summary>Its path, as the kernel names volumes.</summary>
    public ReadOnlySpan<char> FileName { get; private init; }

    /// <summary>Reads a record.</summary>
    /// <returns>False if it is no such event, or too short for its version.</returns>
    public static bool TryRead(in EtlRecord record, out ImageEvent image)
    {
        image = default;
        LifeEvent life = record.HookId switch
        {
            KernelHook.ImageLoad or KernelHook.ProcessImageLoad => LifeEvent.Start,
            KernelHook.ImageUnload => LifeEvent.End,
            KernelHook.ImageRundownStart => LifeEvent.RundownStart,
            KernelHook.ImageRundownEnd => LifeEvent.RundownEnd,
            _ => default,
        };
        KernelPayload payload = new(record.Payload, record.PointerSize);
        int version = record.Version;

        // Base; size, which in version 0 has 4 bytes; then, from version 1, the process; from 2, checksum, time stamp, 4 bytes, an address and 16 bytes.
        int nameAt = version switch
        {
            0 => payload.At(4, 1),
            1 => payload.At(4, 2),
            _ => payload.At(32, 3),
        };
        if (life == default || !payload.Has(nameAt))
        {
            return false;
        }

        image = new ImageEvent
        {
            Life = life,
            Base = payload.Pointer(0),
            Size = version == 0 ? payload.UInt32(payload.At(0, 1)) : payload.Pointer(payload.At(0, 1)),
            ProcessId = version == 0 ? -1 : payload.Int32(payload.At(0, 2)),
            Checksum = version < 2 ? 0 : payload.UInt32(payload.At(4, 2)),
            TimeDateStamp = version < 2 ? 0 : payload.UInt32(payload.At(8, 2)),
            FileName = payload.WideText(nameAt),
        };
        return true;
    }
}
