namespace Tracing.Host.Loading;

/// <summary>The part of a stack that may be read: what driver code has used of it.</summary>
internal readonly unsafe struct StackRange(nuint low, nuint high)
{
    /// <summary>Reads a word.</summary>
    /// <returns>False if it does not lie in the range, aligned.</returns>
    internal bool TryRead(ulong address, out ulong value)
    {
        bool inside = address >= low && address <= (ulong)high - sizeof(ulong) && address % sizeof(ulong) == 0;
        value = inside ? *(ulong*)address : 0;
        return inside;
    }
}
