using System.Globalization;

namespace Tracing.Reports.Wording;

/// <summary>Names of interrupt request levels. Source: wdm.h documentation, "Managing hardware priorities".</summary>
public static class IrqlName
{
    /// <summary>The level's name where all processors share one, and its number: 2 is <c>DISPATCH_LEVEL (2)</c>, 7 is <c>IRQL 7</c>.</summary>
    public static string Of(int irql) => irql switch
    {
        0 => "PASSIVE_LEVEL (0)",
        1 => "APC_LEVEL (1)",
        2 => "DISPATCH_LEVEL (2)",
        15 => "HIGH_LEVEL (15)",
        _ => string.Create(CultureInfo.InvariantCulture, $"IRQL {irql}"),
    };
}
