using System.Globalization;

namespace Tracing.Fuzz.Running;

/// <summary>How long to run, and on what. <c>60</c> is a minute, <c>100000x</c> as many inputs; both for each target.</summary>
/// <param name="Time">How long each target runs; null for as long as its inputs last.</param>
/// <param name="Inputs">How many inputs each target reads at most.</param>
/// <param name="First">Number of the first input.</param>
/// <param name="Targets">Names of the targets; all of them if there is none.</param>
internal sealed record FuzzOptions(TimeSpan? Time, long Inputs, long First, IReadOnlyList<string> Targets)
{
    public const string Usage =
        """
        usage: fuzz [SECONDS | INPUTSx | =NUMBER] [TARGET...]

          SECONDS   time for each target, 20 if nothing is said
          INPUTSx   inputs for each target instead
          =NUMBER   one input, by its number: what a finding names
        """;

    public static FuzzOptions Parse(string[] arguments)
    {
        string amount = arguments.Length > 0 ? arguments[0] : "20";
        IReadOnlyList<string> targets = arguments.Length > 1 ? arguments[1..] : [];
        if (amount.StartsWith('='))
        {
            return new FuzzOptions(null, 1, long.Parse(amount.AsSpan(1), CultureInfo.InvariantCulture), targets);
        }

        return amount.EndsWith('x')
            ? new FuzzOptions(null, long.Parse(amount.AsSpan(0, amount.Length - 1), CultureInfo.InvariantCulture), 0, targets)
            : new FuzzOptions(TimeSpan.FromSeconds(double.Parse(amount, CultureInfo.InvariantCulture)), long.MaxValue, 0, targets);
    }
}
