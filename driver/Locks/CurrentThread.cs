namespace Tracing.Driver;

/// <summary>The thread that runs this code.</summary>
internal static class CurrentThread
{
    /// <summary>Its id: never 0 for a thread that can own a mutex. IRQL: any.</summary>
    internal static uint Id => (uint)Kernel.PsGetCurrentThreadId();
}
