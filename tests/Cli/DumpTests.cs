using System.Text.Json;

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

    [Fact]
    public void Events_are_chosen_by_id_thread_process_and_time()
    {
        string path = _folder.Write("trace.etl", Traces.Contended);

        Assert.Equal(2, Command.Run("dump", path, "--id", "14").Lines.Length);
        Assert.Equal(3, Command.Run("dump", path, "--id", "14", "--id", "12").Lines.Length);
        Assert.Equal(3, Command.Run("dump", path, "--thread", "12").Lines.Length);
        Assert.Equal("", Command.Run("dump", path, "--process", "5").Output);

        // Times in the trace, in microseconds: 1, 3, 10, 12, 20.3, 20.5, 26, 40. The first is at least, the second less than.
        Assert.Equal(3, Command.Run("dump", path, "--since", "20.3us", "--until", "40us", "--provider", "KMutex-Driver").Lines.Length);
        Assert.Single(Command.Run("dump", path, "--since", "0.0400ms", "--provider", "KMutex-Driver").Lines);
        Command.Run("dump", path, "--since", "40").AssertClearError(ExitCode.Usage, "'40' is no time");
        Command.Run("dump", path, "--symbols", _folder.PathOf("none")).AssertClearError(ExitCode.Usage, "no such folder");
    }

    [Fact]
    public void Several_files_are_one_recording()
    {
        string one = _folder.Write("one.etl", Traces.Contended);
        string two = _folder.Write("two.etl", Traces.WithoutDriver);

        Assert.Equal(Command.Run("dump", one).Lines.Length + Command.Run("dump", two).Lines.Length, Command.Run("dump", one, two).Lines.Length);
        Assert.Contains("11111111-2222-3333-4444-555555555555/77", Command.Run("dump", one, two).Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void JSON_has_an_object_a_line()
    {
        string[] lines = Command.Run("dump", _folder.Write("trace.etl", Traces.Contended), "--json").Lines;
        Assert.Equal(9, lines.Length);
        JsonElement acquired = JsonDocument.Parse(lines[5]).RootElement;

        Assert.Equal((20_300, 0, 4, 12), (acquired.GetProperty("timeNs").GetInt64(), acquired.GetProperty("cpu").GetInt32(), acquired.GetProperty("process").GetInt32(), acquired.GetProperty("thread").GetInt32()));
        Assert.Equal(("KMutex-Driver", "MutexAcquiredContended", 12), (acquired.GetProperty("provider").GetString(), acquired.GetProperty("event").GetString(), acquired.GetProperty("id").GetInt32()));
        Assert.Equal(1_000_201, acquired.GetProperty("fields").GetProperty("AcquiredAt").GetInt64());
        Assert.Equal("DeviceQueue", JsonDocument.Parse(lines[2]).RootElement.GetProperty("fields").GetProperty("Label").GetString());
        JsonElement other = JsonDocument.Parse(Command.Run("dump", _folder.Write("other.etl", Traces.WithoutDriver), "--json").Lines[^1]).RootElement;
        Assert.Equal("aabbccdd010000000000000002000000000000000300000000000000", other.GetProperty("payload").GetString());
    }

    public void Dispose() => _folder.Dispose();
}
