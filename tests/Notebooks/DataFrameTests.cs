using Microsoft.Data.Analysis;
using Tracing.Reports.DataFrames;
using Tracing.Reports.Model;

namespace Tracing.Notebooks.Tests;

public sealed class DataFrameTests
{
    private static readonly MutexRow[] Mutexes =
    [
        new() { Id = 1, Name = "Queue", Label = "Queue", Acquires = 10, Contended = 4, Site = new SourceSite("a.cs", 7, "Open"), Wait = new DurationSummary { TotalNs = 900, P99Ns = 500 }, Live = true },
        new() { Id = ulong.MaxValue, Name = "\ud800", Acquires = long.MaxValue },
    ];

    [Fact]
    public void A_mutex_is_a_row_with_the_values_of_the_report()
    {
        DataFrame frame = Mutexes.ToDataFrame();

        Assert.Equal(2, frame.Rows.Count);
        Assert.Equal(
            [1UL, "Queue", 7, "Open", 10L, 4L, 900L, 500L, true],
            ((string[])["id", "label", "line", "member", "acquires", "contended", "waitTotalNs", "waitP99Ns", "live"]).Select(column => frame[column][0]));
        Assert.Equal([ulong.MaxValue, long.MaxValue], [frame["id"][1], frame["acquires"][1]]);
        Assert.Null(frame["file"][1]);
    }

    [Fact]
    public void No_mutexes_give_the_same_columns_and_no_row()
    {
        DataFrame none = Array.Empty<MutexRow>().ToDataFrame();

        Assert.Equal(0, none.Rows.Count);
        Assert.Equal(Mutexes.ToDataFrame().Columns.Select(column => (column.Name, column.DataType)), none.Columns.Select(column => (column.Name, column.DataType)));
    }

    [Fact]
    public void Activity_has_a_row_per_class_and_block()
    {
        var activity = new LockActivity(100, 50, 2, [new ActivityClass("Queue", null, [new ActivityBlock(1, 0, 0, 0, 1, 9), new ActivityBlock(3, 2, 2, 70, 3, 30)])]);

        DataFrame frame = activity.ToDataFrame();

        Assert.Equal([("Queue", 100L, 1L, 0L), ("Queue", 150L, 3L, 70L)], frame.Rows.Select(row => ((string)row[0], (long)row[1], (long)row[2], (long)frame["waitNs"][(long)row[1] == 100 ? 0 : 1])));
    }
}
