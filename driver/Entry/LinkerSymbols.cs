using System.Runtime;
using System.Runtime.CompilerServices;

namespace Tracing.Driver;

/// <summary>What only the linker knows; supplied by Support/load-config.s.</summary>
internal static unsafe class LinkerSymbols
{
    /// <summary>The first byte of this driver's image: an export driver is not handed a DRIVER_OBJECT that would say it. IRQL: any.</summary>
    [MethodImpl(MethodImplOptions.InternalCall), RuntimeImport("ImageBase")]
    internal static extern byte* ImageBase();
}
