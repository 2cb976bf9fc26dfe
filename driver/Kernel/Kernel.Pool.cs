using System.Runtime;
using System.Runtime.CompilerServices;

namespace Tracing.Driver;

/// <summary>
/// What the driver asks of ntoskrnl.exe: every import, and nothing else. Each member carries the name of its DDI page and the
/// IRQL range documented there.
/// </summary>
/// <remarks>
/// <para>
/// Each import is a symbol that the linker finds in the import library of ntoskrnl.exe. The compiler calls it as it calls its own code: by the
/// x64 convention, which is also Windows', and without the poll for a garbage collector that it puts behind every platform invoke.
/// </para>
/// <para>
/// One thing differs: compiled code trusts all 32 bits of a result, where Windows promises only as many as the type has. Imports that
/// return a byte (KIRQL, BOOLEAN) are therefore declared as returning 32 bits and cut to size here; a test holds every declaration to it.
/// </para>
/// <para>The lock library depends on nothing but this class, so that its sources also compile against a simulated one.</para>
/// </remarks>
internal static unsafe partial class Kernel
{
    /// <summary>Allocates zeroed pool. DDI: <c>ExAllocatePool2</c> (Windows 10 2004). IRQL: &lt;= DISPATCH_LEVEL for non-paged pool.</summary>
    /// <param name="flags">POOL_FLAG_*: see <see cref="PoolFlags"/>.</param>
    /// <param name="size">Bytes.</param>
    /// <param name="tag">Four characters, the first in the lowest byte.</param>
    /// <returns>The block, aligned to 16 bytes, or null.</returns>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport(nameof(ExAllocatePool2))]
    internal static extern void* ExAllocatePool2(ulong flags, nuint size, uint tag);

    /// <summary>Frees a block of pool. DDI: <c>ExFreePoolWithTag</c>. IRQL: &lt;= DISPATCH_LEVEL for non-paged pool.</summary>
    /// <param name="block">A block got from <see cref="ExAllocatePool2"/>.</param>
    /// <param name="tag">The tag it was allocated with.</param>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport(nameof(ExFreePoolWithTag))]
    internal static extern void ExFreePoolWithTag(void* block, uint tag);
}
