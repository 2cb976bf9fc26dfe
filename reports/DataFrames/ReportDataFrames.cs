using Microsoft.Data.Analysis;
using Tracing.Reports.Model;

namespace Tracing.Reports.DataFrames;

/// <summary>
/// Parts of a report as data frames, a row each. Column names are those of the JSON report, durations are nanoseconds. Text is as found in the trace and not to be trusted.
/// </summary>
public static class ReportDataFrames
{
    /// <summary>A row per mutex.</summary>
    public static DataFrame ToDataFrame(this IReadOnlyList<MutexRow> mutexes)
    {
        ArgumentNullException.ThrowIfNull(mutexes);
        return new DataFrame(
            Column("id", mutexes, mutex => mutex.Id), Text("name", mutexes, mutex => mutex.Name), Text("label", mutexes, mutex => mutex.Label), Text("kind", mutexes, mutex => mutex.Kind),
            Text("build", mutexes, mutex => mutex.Build), Text("file", mutexes, mutex => mutex.Site?.File), Column("line", mutexes, mutex => mutex.Site?.Line ?? 0),
            Text("member", mutexes, mutex => mutex.Site?.Member), Column("acquires", mutexes, mutex => mutex.Acquires), Column("contended", mutexes, mutex => mutex.Contended),
            Column("failed", mutexes, mutex => mutex.Failed), Column("waitTotalNs", mutexes, mutex => mutex.Wait.TotalNs), Column("waitMeanNs", mutexes, mutex => mutex.Wait.MeanNs),
            Column("waitP50Ns", mutexes, mutex => mutex.Wait.P50Ns), Column("waitP99Ns", mutexes, mutex => mutex.Wait.P99Ns), Column("waitMaxNs", mutexes, mutex => mutex.Wait.MaxNs),
            Column("holdCount", mutexes, mutex => mutex.Hold.Count), Column("holdTotalNs", mutexes, mutex => mutex.Hold.TotalNs), Column("holdMeanNs", mutexes, mutex => mutex.Hold.MeanNs),
            Column("holdP50Ns", mutexes, mutex => mutex.Hold.P50Ns), Column("holdP99Ns", mutexes, mutex => mutex.Hold.P99Ns), Column("holdMaxNs", mutexes, mutex => mutex.Hold.MaxNs),
            Column("sequenceGaps", mutexes, mutex => mutex.SequenceGaps), Column("irqlRejections", mutexes, mutex => mutex.IrqlRejections), Column("live", mutexes, mutex => mutex.Live));
    }

    /// <summary>A row per finding.</summary>
    public static DataFrame ToDataFrame(this IReadOnlyList<Finding> findings)
    {
        ArgumentNullException.ThrowIfNull(findings);
        return new DataFrame(
            Text("severity", findings, finding => finding.Severity.ToString()), Text("kind", findings, finding => finding.Kind), Text("subject", findings, finding => finding.Subject),
            Text("sentence", findings, finding => finding.Sentence));
    }

    /// <summary>A row per class of mutexes and block of time.</summary>
    public static DataFrame ToDataFrame(this LockActivity activity)
    {
        ArgumentNullException.ThrowIfNull(activity);
        List<(ActivityClass Class, int Block)> rows = [.. activity.Classes.SelectMany(one => Enumerable.Range(0, activity.Blocks).Select(block => (one, block)))];
        return new DataFrame(
            Text("name", rows, row => row.Class.Name), Column("startNs", rows, row => activity.StartNs + (row.Block * activity.BlockNs)),
            Column("acquires", rows, row => row.Class.Blocks[row.Block].Acquires), Column("contended", rows, row => row.Class.Blocks[row.Block].Contended),
            Column("waits", rows, row => row.Class.Blocks[row.Block].Waits), Column("waitNs", rows, row => row.Class.Blocks[row.Block].WaitNs),
            Column("holds", rows, row => row.Class.Blocks[row.Block].Holds), Column("holdNs", rows, row => row.Class.Blocks[row.Block].HoldNs),
            Column("waitingNs", rows, row => row.Class.Blocks[row.Block].WaitingNs));
    }

    private static StringDataFrameColumn Text<T>(string name, IReadOnlyList<T> rows, Func<T, string?> value) => new(name, rows.Select(value));

    private static PrimitiveDataFrameColumn<TValue> Column<T, TValue>(string name, IReadOnlyList<T> rows, Func<T, TValue> value)
        where TValue : unmanaged => new(name, rows.Select(value));
}
