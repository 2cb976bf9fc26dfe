namespace Tracing.Etl.Kernel;

/// <summary>What a processor was running when the profile interrupt came (SampledProfile).</summary>
/// <remarks>Source: class SampledProfile of the MSNT_SystemTrace documentation; of its 32 bits of count newer systems use the upper half for flags.</remarks>
public readonly record struct ProfileSample
{
    /// <summary>The address it was at.</summary>
    public ulong InstructionPointer { get; private init; }

    /// <summary>The thread it ran; 0 for idle.</summary>
    public int ThreadId { get; private init; }

    /// <summary>For how many interrupts the sample stands.</summary>
    public ushort Count { get; private init; }

    /// <summary>Reads a record.</summary>
    /// <returns>False if it is no such event, or too short.</returns>
    public static bool TryRead(in EtlRecord record, out ProfileSample sample)
    {
        sample = default;
        KernelPayload payload = new(record.Payload, record.PointerSize);
        int threadAt = payload.At(0, 1);
        if (record.HookId != KernelHook.SampledProfile || !payload.Has(threadAt + 8))
        {
            return false;
        }

        sample = new ProfileSample
        {
            InstructionPointer = payload.Pointer(0),
            ThreadId = payload.Int32(threadAt),
            Count = payload.UInt16(threadAt + 4),
        };
        return true;
    }
}
