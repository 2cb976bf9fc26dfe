namespace Tracing.Driver;

/// <summary>POOL_FLAGS (wdm.h).</summary>
internal static class PoolFlags
{
    /// <summary>POOL_FLAG_NON_PAGED: resident and not executable.</summary>
    internal const ulong NonPaged = 0x40;
}
