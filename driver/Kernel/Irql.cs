namespace Tracing.Driver;

/// <summary>Interrupt request levels on x64 (wdm.h) that rules speak of.</summary>
internal static class Irql
{
    /// <summary>PASSIVE_LEVEL: threads run here.</summary>
    internal const byte Passive = 0;

    /// <summary>APC_LEVEL: normal kernel APCs are held off; waiting is still possible.</summary>
    internal const byte Apc = 1;

    /// <summary>DISPATCH_LEVEL: no thread switch, hence no wait; spin locks are held here.</summary>
    internal const byte Dispatch = 2;
}
