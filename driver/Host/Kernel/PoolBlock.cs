namespace Tracing.Host.Kernel;

/// <summary>One allocated block of pool.</summary>
/// <param name="Address">Where it begins.</param>
/// <param name="Size">The bytes asked for.</param>
/// <param name="Tag">Four characters, the first in the lowest byte.</param>
/// <param name="Allocator">Where the driver asked for it.</param>
/// <param name="Heap">Where its memory is from.</param>
internal sealed record PoolBlock(nuint Address, nuint Size, uint Tag, string Allocator, IPoolHeap Heap)
{
    /// <summary>Where, and by which thread, it was freed; null while it is allocated.</summary>
    internal string? Freed { get; init; }

    /// <summary>The tag as PoolMon shows it; what cannot be shown is a point.</summary>
    internal string TagName => string.Create(4, Tag, static (name, tag) =>
    {
        for (int i = 0; i < name.Length; i++)
        {
            char character = (char)((tag >> (8 * i)) & 0xFF);
            name[i] = character is >= ' ' and <= '~' ? character : '.';
        }
    });

    /// <summary>What messages call it.</summary>
    public override string ToString() => $"Pool '{TagName}' of {Size} bytes from {Allocator}";
}
