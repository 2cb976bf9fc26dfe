namespace Tracing.Host;

/// <summary>A block of pool that the driver left behind when it was unloaded.</summary>
/// <param name="Address">Where it was.</param>
/// <param name="Size">The bytes asked for.</param>
/// <param name="Tag">Its tag, as the debugger prints it.</param>
/// <param name="Allocator">Where in the driver it was asked for: "kmutex.sys+0x1234 (.text+0x234)".</param>
public sealed record PoolLeak(ulong Address, ulong Size, string Tag, string Allocator);
