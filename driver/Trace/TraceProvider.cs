using System;
using System.Runtime.InteropServices;

namespace Tracing.Driver;

/// <summary>
/// The driver as an ETW provider: its registration, and what it does when sessions come, go, or ask for the state.
/// </summary>
internal static unsafe class TraceProvider
{
    /// <summary>EVENT_CONTROL_CODE_DISABLE_PROVIDER (evntcons.h): nobody listens any more.</summary>
    private const uint Disable = 0;

    /// <summary>EVENT_CONTROL_CODE_ENABLE_PROVIDER: a session has come or has changed what it asks for.</summary>
    private const uint Enable = 1;

    /// <summary>EVENT_CONTROL_CODE_CAPTURE_STATE: a session asks for the state of what is alive.</summary>
    private const uint CaptureState = 2;

    private static ulong _registration;
    private static uint _ready;

    /// <summary>The REGHANDLE; 0 while not registered, and then no event is enabled.</summary>
    internal static ulong Registration => _registration;

    /// <summary>
    /// Registers the provider. A failure is not passed on: locks work without tracing, and then no event is ever enabled.
    /// IRQL: PASSIVE_LEVEL, in a system thread.
    /// </summary>
    /// <param name="image">The first byte of this driver's image.</param>
    internal static void Register(byte* image)
    {
        Image.Remember(image);
        ProviderFacts.Measure();

        Guid provider;
        KMutexEvents.CopyProviderIdTo(&provider);
        ulong registration;
        if (NtStatus.Failed(Kernel.EtwRegister(&provider, &OnNotification, null, &registration)))
        {
            return;
        }

        // Sessions that were listening already have called back by now, before there was a handle to write with.
        _registration = registration;
        _ready = 1;
        ProviderFacts.WriteStarted();
    }

    /// <summary>Says what is left behind, and ends the registration. IRQL: PASSIVE_LEVEL.</summary>
    internal static void Unregister()
    {
        if (_ready == 0)
        {
            return;
        }

        if (KMutexEvents.IsProviderStoppedEnabled)
        {
            _ = KMutexEvents.WriteProviderStopped(_registration, LiveMutexes.Count, LiveMutexes.Bytes);
        }

        _ready = 0;
        _ = Kernel.EtwUnregister(_registration);
        KMutexEvents.Recompute(false, 0, 0, 0);
        _registration = 0;
    }

    /// <summary>
    /// ETWENABLECALLBACK. ETW calls it at PASSIVE_LEVEL, one call at a time; level and keywords are the sum of what all sessions ask for.
    /// </summary>
    [UnmanagedCallersOnly]
    private static void OnNotification(
        Guid* source, uint controlCode, byte level, ulong matchAny, ulong matchAll, void* filter, void* context)
    {
        switch (controlCode)
        {
            case Disable:
                KMutexEvents.Recompute(false, 0, 0, 0);
                break;

            case Enable:
                KMutexEvents.Recompute(true, level, matchAny, matchAll);
                if (_ready != 0)
                {
                    ProviderFacts.WriteStarted();
                    SiteTable.WriteAll();
                }

                break;

            case CaptureState:
                if (_ready != 0)
                {
                    Rundown.Write();
                }

                break;

            default:
                // Codes of later systems ask for things this provider does not have.
                break;
        }
    }
}
