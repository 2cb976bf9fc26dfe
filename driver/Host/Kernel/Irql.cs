namespace Tracing.Host.Kernel;

/// <summary>Interrupt request levels of x64. Source: wdm.h.</summary>
internal static class Irql
{
    internal const byte Passive = 0;
    internal const byte Apc = 1;
    internal const byte Dispatch = 2;
    internal const byte High = 15;

    /// <summary>The name, with the number for levels that have none here.</summary>
    internal static string Name(byte irql) => irql switch
    {
        Passive => "PASSIVE_LEVEL",
        Apc => "APC_LEVEL",
        Dispatch => "DISPATCH_LEVEL",
        High => "HIGH_LEVEL",
        _ => $"IRQL {irql}",
    };
}
