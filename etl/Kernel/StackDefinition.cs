namespace Tracing.Etl.Kernel;

/// <summary>The stack that a key stood for, or, of <see cref="KernelHook.StackKeyCreate"/>, stands for from now on. Valid as long as the record.</summary>
/// <remarks>Source: docs, ETL format notes, section 4. A definition resolves the references to its key since the one before it.</remarks>
public readonly ref struct StackDefinition
{
    /// <summary>The key.</summary>
    public ulong Key { get; private init; }

    /// <summary>Whether the key is free afterwards: it left the cache, or the session has ended.</summary>
    public bool IsLast { get; private init; }

    /// <summary>The return addresses, innermost first.</summary>
    public EtlStack Stack { get; private init; }

    /// <summary>Reads a record.</summary>
    /// <returns>False if it is no such event, or too short.</returns>
    public static bool TryRead(in EtlRecord record, out StackDefinition definition)
    {
        definition = default;
        KernelPayload payload = new(record.Payload, record.PointerSize);
        ushort hook = record.HookId;
        int stackAt = payload.At(0, 1);
        if (hook is not (KernelHook.StackKeyCreate or KernelHook.StackKeyDelete or KernelHook.StackKeyRundown) || !payload.Has(stackAt))
        {
            return false;
        }

        definition = new StackDefinition { Key = payload.Pointer(0), IsLast = hook != KernelHook.StackKeyCreate, Stack = payload.Stack(stackAt) };
        return true;
    }
}
