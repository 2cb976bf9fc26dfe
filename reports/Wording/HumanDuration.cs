using System.Globalization;

namespace Tracing.Reports.Wording;

/// <summary>Durations for people: three significant digits and a unit, <c>12.3 ms</c>; never wider than eight characters.</summary>
public static class HumanDuration
{
    private static readonly (long Ns, string Unit)[] Units = [(1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "us"), (1, "ns")];

    /// <summary>The duration as text. The unit is chosen so that the number before it, as rounded, lies between 1 and 1,000.</summary>
    /// <param name="nanoseconds">A duration in nanoseconds, not negative.</param>
    public static string Format(long nanoseconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(nanoseconds);
        if (nanoseconds == 0)
        {
            return "0";
        }

        // From 100 minutes on hours say more than seconds, and from 1,000 hours on days do.
        if (nanoseconds >= 6_000L * 1_000_000_000)
        {
            double hours = nanoseconds / 3.6e12;
            return hours < 1_000 ? string.Create(CultureInfo.InvariantCulture, $"{hours:0.0} h") : string.Create(CultureInfo.InvariantCulture, $"{hours / 24:0} d");
        }

        int unit = Array.FindIndex(Units, candidate => nanoseconds >= candidate.Ns);
        double value = (double)nanoseconds / Units[unit].Ns;
        if (unit > 0 && Math.Round(value, 0, MidpointRounding.AwayFromZero) >= 1000)
        {
            unit--;
            value = (double)nanoseconds / Units[unit].Ns;
        }

        string digits = Units[unit].Ns == 1 || value >= 99.95 ? "0" : value >= 9.995 ? "0.0" : "0.00";
        return value.ToString(digits, CultureInfo.InvariantCulture) + " " + Units[unit].Unit;
    }
}
