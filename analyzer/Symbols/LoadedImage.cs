namespace Tracing.Symbols;

/// <summary>An image that lay at an address for a while. Compared by reference: two loads of one file are two.</summary>
public sealed class LoadedImage
{
    /// <summary>The process it was in; 0 for the kernel and drivers.</summary>
    public required int ProcessId { get; init; }

    /// <summary>The address of its first byte.</summary>
    public required ulong Base { get; init; }

    /// <summary>Bytes from its first to its last section.</summary>
    public required ulong Size { get; init; }

    /// <summary>Its file's name without a folder, as found in the trace.</summary>
    public required string FileName { get; init; }

    /// <summary>Time stamp of its header; 0 where the trace does not say.</summary>
    public uint TimeDateStamp { get; init; }

    /// <summary>First raw tick at which it was there.</summary>
    public long From { get; init; } = long.MinValue;

    /// <summary>First raw tick at which it was there no more.</summary>
    public long Until { get; internal set; } = long.MaxValue;

    /// <summary>Its program database, where the trace says which.</summary>
    public PdbIdentity? Pdb { get; internal set; }

    /// <summary>The program database's file name without a folder; empty where the trace does not say.</summary>
    public string PdbName { get; internal set; } = "";

    /// <summary>Whether it lay over an address at a time.</summary>
    public bool Covers(ulong address, long time) => address >= Base && address - Base < Size && time >= From && time < Until;
}
