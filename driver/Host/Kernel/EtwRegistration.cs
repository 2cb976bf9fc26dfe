namespace Tracing.Host.Kernel;

/// <summary>One registration of an event provider.</summary>
internal sealed unsafe class EtwRegistration(Guid providerId, ulong handle, void* callback, ulong context)
{
    internal Guid ProviderId { get; } = providerId;

    internal ulong Handle { get; } = handle;

    /// <summary>ETWENABLECALLBACK, or null.</summary>
    internal void* Callback { get; } = callback;

    internal ulong Context { get; } = context;

    /// <summary>Held while the callback runs: EtwUnregister waits for it.</summary>
    internal Lock CallbackGate { get; } = new();
}
