namespace Tracing.Etl.Kernel;

/// <summary>
/// The kernel's own events that lock analysis reads, as <see cref="EtlRecord.HookId"/> names them: group in the high byte, type in the low one.
/// </summary>
/// <remarks>
/// Made for a <c>switch</c> over <see cref="EtlRecord.HookId"/>, which is far cheaper than comparing class GUIDs. Source: the classes Process, Thread, Image, PerfInfo and
/// StackWalk of the MSNT_SystemTrace documentation; docs: ETL format notes, sections 2.1 and 4.
/// </remarks>
public static class KernelHook
{
    /// <summary>A process began.</summary>
    public const ushort ProcessStart = 0x0301;

    /// <summary>A process ended.</summary>
    public const ushort ProcessEnd = 0x0302;

    /// <summary>A process that was there when the session began.</summary>
    public const ushort ProcessRundownStart = 0x0303;

    /// <summary>A process that was there when the session ended.</summary>
    public const ushort ProcessRundownEnd = 0x0304;

    /// <summary>An image was loaded, in the group that Windows uses for it on the wire.</summary>
    public const ushort ProcessImageLoad = 0x030A;

    /// <summary>A thread began.</summary>
    public const ushort ThreadStart = 0x0501;

    /// <summary>A thread ended.</summary>
    public const ushort ThreadEnd = 0x0502;

    /// <summary>A thread that was there when the session began.</summary>
    public const ushort ThreadRundownStart = 0x0503;

    /// <summary>A thread that was there when the session ended.</summary>
    public const ushort ThreadRundownEnd = 0x0504;

    /// <summary>CSwitch: a processor went from one thread to another.</summary>
    public const ushort ContextSwitch = 0x0524;

    /// <summary>A thread was made ready to run.</summary>
    public const ushort ReadyThread = 0x0532;

    /// <summary>A thread was given a name.</summary>
    public const ushort ThreadSetName = 0x0548;

    /// <summary>A sample of what a processor was running.</summary>
    public const ushort SampledProfile = 0x0F2E;

    /// <summary>A threaded deferred procedure call has run.</summary>
    public const ushort ThreadedDpc = 0x0F42;

    /// <summary>An interrupt was served.</summary>
    public const ushort Interrupt = 0x0F43;

    /// <summary>A deferred procedure call has run.</summary>
    public const ushort Dpc = 0x0F44;

    /// <summary>A timer's deferred procedure call has run.</summary>
    public const ushort TimerDpc = 0x0F45;

    /// <summary>An image was unloaded.</summary>
    public const ushort ImageUnload = 0x1402;

    /// <summary>An image that was there when the session began.</summary>
    public const ushort ImageRundownStart = 0x1403;

    /// <summary>An image that was there when the session ended.</summary>
    public const ushort ImageRundownEnd = 0x1404;

    /// <summary>An image was loaded.</summary>
    public const ushort ImageLoad = 0x140A;

    /// <summary>The call stack of an event.</summary>
    public const ushort StackWalk = 0x1820;

    /// <summary>A stack is put into the cache under a key.</summary>
    public const ushort StackKeyCreate = 0x1822;

    /// <summary>A stack leaves the cache, and is told.</summary>
    public const ushort StackKeyDelete = 0x1823;

    /// <summary>A stack that was in the cache when the session ended.</summary>
    public const ushort StackKeyRundown = 0x1824;

    /// <summary>The kernel part of an event's call stack, by its key.</summary>
    public const ushort StackKeyKernel = 0x1825;

    /// <summary>The user part of an event's call stack, by its key.</summary>
    public const ushort StackKeyUser = 0x1826;
}
