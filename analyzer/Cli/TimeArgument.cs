using System.CommandLine;
using System.Globalization;

namespace Tracing.Cli;

/// <summary>An option that takes a time since the start of a recording: <c>100ms</c>, <c>2.5s</c>.</summary>
internal static class TimeArgument
{
    private static readonly (string Unit, decimal Nanoseconds)[] Units = [("ns", 1), ("us", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000)];

    public static Option<long?> Create(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "TIME",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            foreach ((string unit, decimal nanoseconds) in Units)
            {
                if (text.EndsWith(unit, StringComparison.Ordinal)
                    && decimal.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number)
                    && number <= long.MaxValue / nanoseconds)
                {
                    return (long)(number * nanoseconds);
                }
            }

            result.AddError($"{name} {text}: expected a number and a unit (ns, us, ms, s), such as 2.5s.");
            return null;
        },
    };
}
