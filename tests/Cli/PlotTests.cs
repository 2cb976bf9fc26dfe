namespace Tracing.Cli.Tests;

public sealed class PlotTests : IDisposable
{
    private readonly TestFolder _folder = new();

    [Theory]
    [InlineData("mutexes", "out.svg", "<")]
    [InlineData("waits", "out.svg", "<")]
    [InlineData("contention", "out.svg", "<")]
    [InlineData("growth", "out.png", "\u0089PNG")]
    [InlineData("holds", "out.PNG", "\u0089PNG")]
    public void A_picture_is_written_in_the_format_of_its_name(string figure, string name, string beginning)
    {
        string output = _folder.PathOf(name);

        CommandResult result = Command.Run("plot", _folder.Write("trace.etl", Traces.Contended), "--figure", figure, "-o", output);
        Assert.Equal(ExitCode.Fine, result.ExitCode);
        Assert.Equal(beginning, System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(output), 0, beginning.Length));
    }

    [Fact]
    public void Nothing_to_draw_is_said_and_leaves_no_file()
    {
        Command.Run("plot", _folder.Write("other.etl", Traces.WithoutDriver), "--figure", "waits", "-o", _folder.PathOf("out.svg"));

        Assert.Equal(["other.etl"], _folder.Files);
    }

    [Fact]
    public void Another_format_is_refused() =>
        Command.Run("plot", "trace.etl", "-o", "out.jpg").AssertClearError(ExitCode.Usage, "out.jpg", ".svg or .png");

    public void Dispose() => _folder.Dispose();
}
