using System.Runtime.InteropServices;

namespace Tracing.Driver;

/// <summary>
/// What the driver asks of ntoskrnl.exe: every import, and nothing else. Each member carries the name of its DDI page and the
/// IRQL range documented there.
/// </summary>
/// <remarks>
/// <c>SuppressGCTransition</c> makes each call a plain direct call through the import table: there is no garbage collector to tell.
/// The lock library depends on nothing but this class, so that its sources also compile against a simulated one.
/// </remarks>
internal static unsafe partial class Kernel
{
    private const string Library = "ntoskrnl.exe";

    /// <summary>Allocates zeroed pool. DDI: <c>ExAllocatePool2</c> (Windows 10 2004). IRQL: &lt;= DISPATCH_LEVEL for non-paged pool.</summary>
    /// <param name="flags">POOL_FLAG_*: see <see cref="PoolFlags"/>.</param>
    /// <param name="size">Bytes.</param>
    /// <param name="tag">Four characters, the first in the lowest byte.</param>
    /// <returns>The block, aligned to 16 bytes, or null.</returns>
    [DllImport(Library, ExactSpelling = true), SuppressGCTransition]
    internal static extern void* ExAllocatePool2(ulong flags, nuint size, uint tag);

    /// <summary>Frees a block of pool. DDI: <c>ExFreePoolWithTag</c>. IRQL: &lt;= DISPATCH_LEVEL for non-paged pool.</summary>
    /// <param name="block">A block got from <see cref="ExAllocatePool2"/>.</param>
    /// <param name="tag">The tag it was allocated with.</param>
    [DllImport(Library, ExactSpelling = true), SuppressGCTransition]
    internal static extern void ExFreePoolWithTag(void* block, uint tag);
}
