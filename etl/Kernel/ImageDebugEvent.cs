namespace Tracing.Etl.Kernel;

/// <summary>
/// Which program database belongs to an image (DbgID_RSDS): written into a trace when it is merged, from the debug directory of the image's file. Its name is valid as long
/// as the record.
/// </summary>
/// <remarks>Source: TraceEvent's SymbolTraceEventParser; docs: ETL format notes, section 5.</remarks>
public readonly ref struct ImageDebugEvent
{
    private const byte RsdsOpcode = 36;
    private static readonly Guid ImageId = new("b3e675d7-2554-4f18-830b-2762732560de");

    /// <summary>The address of the image's first byte.</summary>
    public ulong ImageBase { get; private init; }

    /// <summary>The process it is in; 0 for drivers and the kernel.</summary>
    public int ProcessId { get; private init; }

    /// <summary>Identity of the program database.</summary>
    public Guid Signature { get; private init; }

    /// <summary>How often the program database was written since.</summary>
    public int Age { get; private init; }

    /// <summary>Its path where the image was built, in UTF-8.</summary>
    public ReadOnlySpan<byte> PdbFileName { get; private init; }

    /// <summary>Reads a record.</summary>
    /// <returns>False if it is no such event, or too short.</returns>
    public static bool TryRead(in EtlRecord record, out ImageDebugEvent debug)
    {
        debug = default;
        KernelPayload payload = new(record.Payload, record.PointerSize);
        int nameAt = payload.At(24, 1);
        if (record.Kind != EtlRecordKind.Full || record.Opcode != RsdsOpcode || record.ProviderId != ImageId || !payload.Has(nameAt))
        {
            return false;
        }

        debug = new ImageDebugEvent
        {
            ImageBase = payload.Pointer(0),
            ProcessId = payload.Int32(payload.At(0, 1)),
            Signature = payload.Guid(payload.At(4, 1)),
            Age = payload.Int32(payload.At(20, 1)),
            PdbFileName = payload.Text(nameAt),
        };
        return true;
    }
}
