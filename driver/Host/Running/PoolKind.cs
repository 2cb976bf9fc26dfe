namespace Tracing.Host;

/// <summary>What a simulated machine's pool is made of.</summary>
public enum PoolKind
{
    /// <summary>
    /// Blocks on pages of their own, before a page that nobody may touch; their pages are closed when they are freed. An access behind the end or
    /// after the free faults, and the message names the block. Up to 4,096 blocks at once; what goes beyond is ordinary.
    /// </summary>
    Special,

    /// <summary>Blocks side by side, whose addresses are used again soon. A write where none may be is found when the block is freed or used again.</summary>
    Ordinary,
}
