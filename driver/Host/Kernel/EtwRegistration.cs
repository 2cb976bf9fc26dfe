namespace Tracing.Host.Kernel;

/// <summary>One registration of an event provider.</summary>
internal sealed unsafe class EtwRegistration(Guid providerId, ulong handle, void* callback, ulong context, KernelEvent callbackGate)
{
    internal Guid ProviderId { get; } = providerId;

    internal ulong Handle { get; } = handle;

    /// <summary>ETWENABLECALLBACK, or null.</summary>
    internal void* Callback { get; } = callback;

    internal ulong Context { get; } = context;

    /// <summary>Set while no callback runs: EtwUnregister waits for that, and so does the next callback.</summary>
    internal KernelEvent CallbackGate { get; } = callbackGate;

    /// <summary>The thread that the callback runs on, or null.</summary>
    internal SimulatedThread? InCallback { get; set; }
}
