namespace Tracing.Etl.Kernel;

/// <summary>
/// An interrupt that was served on the record's processor, from <see cref="EnteredAt"/> until the record's time. The thread, or the deferred call, that it interrupted did
/// not run.
/// </summary>
/// <remarks>Source: class ISR of the MSNT_SystemTrace documentation.</remarks>
public readonly record struct Interrupt
{
    /// <summary>When its routine was entered, in raw clock ticks. A damaged record may say anything: nothing promises that it lies before the record's time.</summary>
    public long EnteredAt { get; private init; }

    /// <summary>The address of the routine.</summary>
    public ulong Routine { get; private init; }

    /// <summary>Whether the routine said that the interrupt was its own.</summary>
    public bool Claimed { get; private init; }

    /// <summary>The vector.</summary>
    public byte Vector { get; private init; }

    /// <summary>Reads a record.</summary>
    /// <returns>False if it is no such event, or too short.</returns>
    public static bool TryRead(in EtlRecord record, out Interrupt interrupt)
    {
        interrupt = default;
        KernelPayload payload = new(record.Payload, record.PointerSize);
        int afterRoutine = payload.At(8, 1);
        if (record.HookId != KernelHook.Interrupt || !payload.Has(afterRoutine + 2))
        {
            return false;
        }

        interrupt = new Interrupt
        {
            EnteredAt = payload.Int64(0),
            Routine = payload.Pointer(8),
            Claimed = payload.Byte(afterRoutine) != 0,
            Vector = payload.Byte(afterRoutine + 1),
        };
        return true;
    }
}
