using Tracing.Driver.Tests.Support;
using Tracing.Host;

namespace Tracing.Driver.Tests.Runs;

public class RefusedRunTests
{
    [Theory]
    [InlineData("fast", 4, 10, 0, "There is no workload \"fast\"; there are uncontended, contended, ")]
    [InlineData("deadlock", 1, 10, 0, "Expected 2 to 64 threads.")]
    [InlineData("convoy", 2, 10, 0, "Expected 3 to 64 threads.")]
    [InlineData("contended", 0, 10, 0, "Expected 1 to 64 threads.")]
    [InlineData("contended", 65, 10, 0, "Expected 1 to 64 threads.")]
    [InlineData("contended", -1, 10, 0, "Expected 1 to 64 threads.")]
    [InlineData("contended", 4, 0, 0, "Expected 1 to 100000000 iterations of each thread.")]
    [InlineData("contended", 4, 10, 100_001, "Expected 0 to 100000 microseconds of hold time.")]
    public void A_request_out_of_bounds_is_refused_before_anything_happens(string workload, int threads, int iterations, int hold, string expected)
    {
        using TemporaryFolder folder = new();
        ArgumentException error = Assert.ThrowsAny<ArgumentException>(() => WorkloadRun.Execute(
            new RunRequest
            {
                DriverPath = folder["none.sys"],
                OutputPath = folder["run.etl"],
                Workload = workload,
                Threads = threads,
                Iterations = iterations,
                HoldMicroseconds = hold,
            },
            TestContext.Current.CancellationToken));

        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
        Assert.Empty(folder.Files);
    }

    [Fact]
    public void A_missing_driver_is_refused_with_the_command_that_builds_it()
    {
        using TemporaryFolder folder = new();
        FileNotFoundException error = Assert.Throws<FileNotFoundException>(() => Execute(folder["none.sys"], folder["run.etl"]));
        Assert.Contains("./build.sh driver", error.Message, StringComparison.Ordinal);
        Assert.Empty(folder.Files);
    }

    [Fact]
    public void A_driver_that_is_none_is_refused_and_leaves_no_trace()
    {
        using TemporaryFolder folder = new();
        string driver = folder.Write("text.sys", "This is no driver."u8.ToArray());
        DriverImageException error = Assert.Throws<DriverImageException>(() => Execute(driver, folder["run.etl"]));
        Assert.Contains(driver, error.Message, StringComparison.Ordinal);
        Assert.Equal(["text.sys"], folder.Files);
    }

    [Fact]
    public void A_directory_as_driver_is_refused()
    {
        using TemporaryFolder folder = new();
        Assert.Contains(
            "is a directory", Assert.ThrowsAny<IOException>(() => Execute(Path.GetTempPath(), folder["run.etl"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_trace_in_a_missing_directory_is_refused()
    {
        using TemporaryFolder folder = new();
        DirectoryNotFoundException error = Assert.Throws<DirectoryNotFoundException>(
            () => Execute(Harmless(folder), Path.Combine(folder["missing"], "run.etl")));
        Assert.Contains("its directory does not exist", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_trace_named_like_a_directory_is_refused()
    {
        using TemporaryFolder folder = new();
        Directory.CreateDirectory(folder["run.etl"]);
        Assert.Contains(
            "which is a directory",
            Assert.ThrowsAny<IOException>(() => Execute(Harmless(folder), folder["run.etl"])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_cancelled_run_leaves_no_trace_and_keeps_the_one_before()
    {
        using TemporaryFolder folder = new();
        folder.Write("run.etl", [1, 2, 3]);
        string driver = RealDriver.Path;
        using CancellationTokenSource cancellation = new(TimeSpan.FromMilliseconds(300));
        Assert.Throws<OperationCanceledException>(() => WorkloadRun.Execute(
            new RunRequest
            {
                DriverPath = driver,
                OutputPath = folder["run.etl"],
                Workload = "contended",
                Threads = 4,
                Iterations = 100_000_000,
                Session = new SessionSettings { Keywords = 0x01 },
            },
            cancellation.Token));

        Assert.Equal(["run.etl"], folder.Files);
        Assert.Equal([1, 2, 3], File.ReadAllBytes(folder["run.etl"]));
    }

    /// <summary>A driver whose DriverEntry fails: mov eax,0C0000001h; ret.</summary>
    private static string Harmless(TemporaryFolder folder) =>
        folder.Write("harmless.sys", new DriverBuilder().Code(0xB8, 1, 0, 0, 0xC0, 0xC3).Build());

    private static RunOutcome Execute(string driver, string output) => WorkloadRun.Execute(
        new RunRequest { DriverPath = driver, OutputPath = output }, TestContext.Current.CancellationToken);
}
