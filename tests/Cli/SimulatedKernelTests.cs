namespace Tracing.Cli.Tests;

/// <summary>A trace of the host states a version of Windows, because readers expect one: the report must not repeat it.</summary>
public sealed class SimulatedKernelTests
{
    [Fact]
    public void A_trace_of_kmutex_run_says_what_recorded_it()
    {
        Assert.SkipUnless(File.Exists(BuiltDriver.Path), "the driver is not built: ./build.sh driver");
        using var folder = new TestFolder();
        string trace = folder.PathOf("trace.etl");
        Assert.Equal(ExitCode.Fine, Command.Run("run", "--workload", "uncontended", "--threads", "1", "--iterations", "2", "--driver", BuiltDriver.Path, "-o", trace).ExitCode);

        string first = Command.Run("report", trace).Lines[0];
        Assert.EndsWith("simulated kernel, recorded by KMutex Host", first, StringComparison.Ordinal);
    }
}
