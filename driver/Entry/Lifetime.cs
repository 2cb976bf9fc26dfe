namespace Tracing.Driver;

/// <summary>
/// The two lives of this image: as a service, between DriverEntry and DriverUnload, and as an export driver, between DllInitialize and DllUnload,
/// for drivers that import from it. Either may come first, and end first; the provider is registered as long as there is one.
/// </summary>
/// <remarks>
/// IRQL: PASSIVE_LEVEL. The calls do not overlap: Windows makes DllInitialize's and DllUnload's under the lock of its loader, DriverEntry's only
/// when the image is there, and DllUnload's only when nobody holds the image any more, the service included. A client that outlives the
/// service and began after it goes on locking, without events.
/// </remarks>
internal static unsafe class Lifetime
{
    private static bool _isService;
    private static bool _isLibrary;

    /// <summary>DriverEntry has succeeded so far.</summary>
    internal static void BeginService()
    {
        Begin();
        _isService = true;
    }

    /// <summary>DriverUnload.</summary>
    internal static void EndService()
    {
        _isService = false;
        End();
    }

    /// <summary>DllInitialize.</summary>
    internal static void BeginLibrary()
    {
        Begin();
        _isLibrary = true;
    }

    /// <summary>DllUnload, which also comes when DllInitialize never did: the service had loaded the image before.</summary>
    internal static void EndLibrary()
    {
        if (_isLibrary)
        {
            _isLibrary = false;
            End();
        }
    }

    private static void Begin()
    {
        if (!_isService && !_isLibrary)
        {
            TraceProvider.Register(LinkerSymbols.ImageBase());
        }
    }

    private static void End()
    {
        if (!_isService && !_isLibrary)
        {
            TraceProvider.Unregister();
        }
    }
}
