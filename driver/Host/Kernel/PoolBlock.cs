namespace Tracing.Host.Kernel;

/// <summary>One allocated block of pool.</summary>
/// <param name="Address">Where it begins.</param>
/// <param name="Size">The bytes asked for.</param>
/// <param name="Capacity">The bytes it was given, guard included.</param>
/// <param name="Tag">Four characters, the first in the lowest byte.</param>
/// <param name="Allocator">Where the driver asked for it.</param>
internal sealed record PoolBlock(nuint Address, nuint Size, nuint Capacity, uint Tag, string Allocator);
