using System.Globalization;
using Tracing.Reports.Model;
using Tracing.Reports.Wording;

namespace Tracing.Reports.Data;

/// <summary>The mutexes as comma-separated values (RFC 4180), one line each, for spreadsheets. Durations are nanoseconds.</summary>
/// <remarks>
/// Text is escaped as for a terminal, and text that a spreadsheet would take for a formula begins with an apostrophe: a label must not compute.
/// </remarks>
public static class CsvReport
{
    private static readonly (string Head, Func<MutexRow, object> Value)[] Columns =
    [
        ("id", mutex => mutex.Id), ("name", mutex => mutex.Name), ("label", mutex => mutex.Label), ("kind", mutex => mutex.Kind),
        ("file", mutex => mutex.Site?.File ?? ""), ("line", mutex => mutex.Site?.Line ?? 0), ("member", mutex => mutex.Site?.Member ?? ""),
        ("acquires", mutex => mutex.Acquires), ("contended", mutex => mutex.Contended), ("failed", mutex => mutex.Failed),
        ("waitTotalNs", mutex => mutex.Wait.TotalNs), ("waitMeanNs", mutex => mutex.Wait.MeanNs), ("waitP50Ns", mutex => mutex.Wait.P50Ns),
        ("waitP90Ns", mutex => mutex.Wait.P90Ns), ("waitP99Ns", mutex => mutex.Wait.P99Ns), ("waitP999Ns", mutex => mutex.Wait.P999Ns), ("waitMaxNs", mutex => mutex.Wait.MaxNs), ("holds", mutex => mutex.Hold.Count),
        ("holdTotalNs", mutex => mutex.Hold.TotalNs), ("holdMeanNs", mutex => mutex.Hold.MeanNs), ("holdP50Ns", mutex => mutex.Hold.P50Ns),
        ("holdP90Ns", mutex => mutex.Hold.P90Ns), ("holdP99Ns", mutex => mutex.Hold.P99Ns), ("holdP999Ns", mutex => mutex.Hold.P999Ns), ("holdMaxNs", mutex => mutex.Hold.MaxNs), ("deepestRecursion", mutex => mutex.DeepestRecursion),
        ("utilisationPercent", mutex => mutex.UtilisationPercent), ("waitedForPercent", mutex => mutex.WaitedForPercent), ("deepestQueue", mutex => mutex.DeepestQueue),
        ("ownerSwitches", mutex => mutex.OwnerSwitches), ("blamedNs", mutex => mutex.BlamedNs), ("handOffNs", mutex => mutex.HandOffNs),
        ("unknownBlameNs", mutex => mutex.UnknownBlameNs), ("topWaitingSite", mutex => mutex.TopWaitingSite?.Short ?? ""),
        ("topBlamedSite", mutex => mutex.TopBlamedSite?.Short ?? ""), ("topBlamedNs", mutex => mutex.TopBlamedNs), ("misuses", mutex => mutex.Misuses),
        ("grade", mutex => mutex.Grade.ToString()), ("sequenceGaps", mutex => mutex.SequenceGaps), ("irqlRejections", mutex => mutex.IrqlRejections), ("live", mutex => mutex.Live ? 1 : 0),
        ("countedFrom", mutex => mutex.CountedFrom.ToString()), ("waitsCut", mutex => mutex.Wait.Censored.Count), ("waitsUnknown", mutex => mutex.Wait.Unknown),
        ("holdsCut", mutex => mutex.Hold.Censored.Count), ("holdsUnknown", mutex => mutex.Hold.Unknown),
    ];

    /// <summary>Writes a head and a line per mutex, the most waited for first.</summary>
    public static void Write(LockReport report, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(output);
        output.Write(string.Join(',', Columns.Select(column => column.Head)) + "\r\n");
        foreach (MutexRow mutex in MutexRanking.Rank(report.Mutexes, MutexOrder.Wait))
        {
            output.Write(string.Join(',', Columns.Select(column => Cell(column.Value(mutex)))) + "\r\n");
        }
    }

    private static string Cell(object value)
    {
        if (value is not string text)
        {
            return Convert.ToString(value, CultureInfo.InvariantCulture)!;
        }

        string safe = SafeText.Escape(text);
        safe = safe.Length > 0 && "=+-@".Contains(safe[0], StringComparison.Ordinal) ? "'" + safe : safe;
        return safe.AsSpan().IndexOfAny(',', '"') < 0 ? safe : $"\"{safe.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
