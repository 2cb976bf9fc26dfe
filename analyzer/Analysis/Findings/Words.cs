using System.Globalization;
using Tracing.Reports.Model;

namespace Tracing.Analysis.Findings;

/// <summary>What findings are worded with.</summary>
internal static class Words
{
    /// <summary>A count and its noun: <c>1 mutex</c>, <c>2,000 mutexes</c>.</summary>
    public static string Count(long count, string one, string? many = null) => Text($"{count:N0} {(count == 1 ? one : many ?? one + "s")}");

    /// <summary>A place, after a blank and a preposition; empty where it is not known.</summary>
    public static string At(SourceSite? site) => site is null ? "" : $" at {site.Short}";

    /// <summary>What to call a label or an allocation site, the same in every recording.</summary>
    public static string Class(string label, SourceSite? site) => label.Length > 0 ? label : site?.Short ?? "a mutex without a name";

    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
