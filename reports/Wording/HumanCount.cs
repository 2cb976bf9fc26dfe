using System.Globalization;

namespace Tracing.Reports.Wording;

/// <summary>Counts for people: all digits up to a billion, then three and a letter, so that the digits do not push the names out of a table.</summary>
internal static class HumanCount
{
    public static string Format(long count) => count switch
    {
        < 1_000_000_000 => Text($"{count:N0}"),
        < 1_000_000_000_000 => Text($"{count / 1e9:0.00} G"),
        < 1_000_000_000_000_000 => Text($"{count / 1e12:0.00} T"),
        _ => Text($"{count / 1e15:0.00} P"),
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
