using System.Runtime.InteropServices;
using Tracing.Host.Thunks;

namespace Tracing.Host.Faults;

/// <summary>
/// Puts <see cref="FaultCode"/> first among the vectored exception handlers. Written by the documentation of
/// <c>AddVectoredExceptionHandler</c>; not yet run on Windows.
/// </summary>
internal static unsafe partial class WindowsExceptions
{
    internal static void Install(ImageRanges images, void* landing)
    {
        byte* handler = SealedCode.Place(FaultCode.ForWindows(images, landing));
        if (AddVectoredExceptionHandler(1, handler) is null)
        {
            throw new InvalidOperationException("AddVectoredExceptionHandler failed: faults in the driver could not be reported.");
        }
    }

    [LibraryImport("kernel32")]
    private static partial void* AddVectoredExceptionHandler(uint first, void* handler);
}
