using Tracing.Analysis.Reading;

namespace Tracing.Cli.Tests;

public sealed class ProgressTests
{
    [Fact]
    public void A_quarter_of_the_file_in_two_seconds_leaves_six() => Assert.Equal(
        "25 %, 8,000,000 events, 4.0 M/s, 6.00 s left",
        ProgressLine.Describe(new ReadingProgress(8_000_000, 250, 1000), TimeSpan.FromSeconds(2)));

    [Fact]
    public void Nothing_is_written_where_standard_error_is_no_terminal()
    {
        using var folder = new TestFolder();
        Assert.Equal("", Command.Run("report", folder.Write("trace.etl", Traces.LongOf(50_000))).Error);
    }
}
