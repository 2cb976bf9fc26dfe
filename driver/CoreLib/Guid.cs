namespace System;

/// <summary>16 bytes: a GUID as it lies in memory.</summary>
public readonly struct Guid
{
    private readonly ulong _low;
    private readonly ulong _high;

    /// <summary>Takes the two halves, each little endian as it lies in memory.</summary>
    public Guid(ulong low, ulong high)
    {
        _low = low;
        _high = high;
    }
}
