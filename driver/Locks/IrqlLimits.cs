namespace Tracing.Driver;

/// <summary>The highest IRQL of each operation, by the pages of the DDIs beneath it.</summary>
internal static class IrqlLimits
{
    /// <summary>ExAllocatePool2, non-paged.</summary>
    internal const byte New = Irql.Dispatch;

    /// <summary>KeWaitForSingleObject with a wait that may last.</summary>
    internal const byte Lock = Irql.Apc;

    /// <summary>KeReleaseMutex.</summary>
    internal const byte Release = Irql.Dispatch;

    /// <summary>ExFreePoolWithTag, non-paged.</summary>
    internal const byte Free = Irql.Dispatch;
}
