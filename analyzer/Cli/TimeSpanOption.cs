using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Tracing.Cli;

/// <summary>An option that takes a time with its unit: <c>250ms</c>, <c>1.5s</c>, <c>-20us</c>.</summary>
internal static class TimeSpanOption
{
    private static readonly (string Unit, decimal Nanoseconds)[] Units = [("ns", 1), ("us", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000)];

    public static Option<long?> Create(string name, string description) => new(name) { Description = description, HelpName = "TIME", CustomParser = Parse };

    private static long? Parse(ArgumentResult result)
    {
        string text = result.Tokens.Single().Value;
        foreach ((string unit, decimal nanoseconds) in Units)
        {
            // Far beyond any recording, and far from what decimal and long can hold.
            if (text.EndsWith(unit, StringComparison.Ordinal)
                && decimal.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number)
                && Math.Abs(number) < 1_000_000_000)
            {
                return (long)(number * nanoseconds);
            }
        }

        result.AddError($"'{text}' is no time. Give a number with its unit: 800us, 250ms, 1.5s.");
        return null;
    }
}
