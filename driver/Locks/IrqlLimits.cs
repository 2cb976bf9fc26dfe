namespace Tracing.Driver;

/// <summary>The highest IRQL of each operation, by the pages of the DDIs beneath it.</summary>
internal static class IrqlLimits
{
    /// <summary>ExAllocatePool2, non-paged.</summary>
    internal const byte New = Irql.Dispatch;

    /// <summary>KeWaitForSingleObject with a wait that may last. Also for tries, which need not wait: what is acquired must be released.</summary>
    internal const byte Lock = Irql.Apc;

    /// <summary>
    /// KeReleaseMutex may be called at DISPATCH_LEVEL, but raises an exception there for a mutex that was acquired below it, says its page. All
    /// are: <see cref="Lock"/> allows nothing else.
    /// </summary>
    internal const byte Release = Irql.Apc;

    /// <summary>ExFreePoolWithTag, non-paged.</summary>
    internal const byte Free = Irql.Dispatch;
}
