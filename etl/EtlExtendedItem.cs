namespace Tracing.Etl;

/// <summary>One extended item of an event. Valid as long as the record it came from.</summary>
public readonly ref struct EtlExtendedItem
{
    internal EtlExtendedItem(EtlExtendedItemType type, ReadOnlySpan<byte> data)
    {
        Type = type;
        Data = data;
    }

    /// <summary>What the data is.</summary>
    public EtlExtendedItemType Type { get; }

    /// <summary>The item's bytes, without its header and padding.</summary>
    public ReadOnlySpan<byte> Data { get; }
}
