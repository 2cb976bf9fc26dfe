namespace Tracing.Cli.Tests;

public sealed class DumpTests : IDisposable
{
    private readonly TestFolder _folder = new();

    [Fact]
    public void Events_of_the_driver_are_shown_with_names_and_fields()
    {
        CommandResult result = Command.Run("dump", _folder.Write("trace.etl", Traces.Contended));

        Assert.Equal(9, result.Lines.Length);
        Assert.Equal(
            "          20.300    0       4/12      KMutex-Driver/MutexAcquiredContended  MutexId=1 Sequence=2 Depth=1 Flags=0 RequestedAt=1000119 AcquiredAt=1000201 SiteId=0",
            result.Lines[5]);
        Assert.Contains("MutexAllocated  MutexId=1 ", result.Lines[2], StringComparison.Ordinal);
        Assert.Contains("Label=\"DeviceQueue\"", result.Lines[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Events_of_others_are_shown_with_number_size_and_first_bytes()
    {
        CommandResult result = Command.Run("dump", _folder.Write("trace.etl", Traces.WithoutDriver), "--provider", Traces.OtherProvider.ToString());

        Assert.Equal(
            "         123.400    0       4/11      11111111-2222-3333-4444-555555555555/77 v0  28 bytes: aabbccdd0100000000000000020000000000000003000000..",
            Assert.Single(result.Lines));
    }

    [Fact]
    public void A_provider_can_be_named_and_events_counted_out()
    {
        string path = _folder.Write("trace.etl", Traces.Contended);

        Assert.Equal(8, Command.Run("dump", path, "--provider", "kmutex-driver").Lines.Length);
        Assert.Equal(3, Command.Run("dump", path, "--max", "3").Lines.Length);
        Assert.Equal("", Command.Run("dump", path, "--max", "0").Output);
        Command.Run("dump", path, "--provider", "NoSuch").AssertClearError(ExitCode.Usage, "NoSuch", "kmutex info");
    }

    [Fact]
    public void A_cut_payload_is_shown_as_far_as_it_goes()
    {
        byte[] trace = new Analyzer.Tests.Files.TraceBuilder()
            .Add(11, 1_000_010, 5, payload => payload.U64(42).U32(1)).Build();

        Assert.EndsWith("MutexId=42 (payload cut short)", Command.Run("dump", _folder.Write("trace.etl", trace)).Lines[^1], StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
