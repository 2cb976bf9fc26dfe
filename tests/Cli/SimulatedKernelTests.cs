using System.Globalization;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;

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

    [Fact]
    public void One_schedule_gives_one_report()
    {
        using var folder = new TestFolder();
        string trace = folder.PathOf("trace.etl");
        string first = ReportOf("7");
        Assert.Equal(first, ReportOf("7"));
        Assert.NotEqual(first, ReportOf("8"));

        string ReportOf(string schedule)
        {
            Assert.Equal(ExitCode.Fine, Run(trace, "contended", "--schedule", schedule, "--rundowns", "3", "--hold-us", "40").ExitCode);
            return Command.Run("report", trace).Output;
        }
    }

    [Fact]
    public void An_injected_fault_is_told_with_what_it_did()
    {
        using var folder = new TestFolder();
        CommandResult run = Run(folder.PathOf("trace.etl"), "leak", "--inject", "ExAllocatePool2@3");
        Assert.Equal(ExitCode.Fine, run.ExitCode);
        Assert.Matches("Injected: ExAllocatePool2 failed with null, 1 of \\d+ calls\n", run.Output);
    }

    [Theory]
    [InlineData("ExAllocatePool2@1", ExitCode.DriverFailed, "0xC000009A")]
    [InlineData("ExAllocatePool3@1", ExitCode.Usage, "there are ExAllocatePool2, ")]
    [InlineData("ExAllocatePool2", ExitCode.Usage, "expected IMPORT[=FAILURE]@CALL[+]")]
    public void A_fault_that_ends_the_run_or_makes_no_sense_is_an_error(string fault, int exitCode, string mention)
    {
        using var folder = new TestFolder();
        Run(folder.PathOf("trace.etl"), "leak", "--inject", fault).AssertClearError(exitCode, mention);
    }

    [Theory]
    [InlineData(true, ", kmutex_Tracing_Driver_ContendedWorkload__Run+0x0\n")]
    [InlineData(false, ", function +0x")]
    public void Call_stacks_have_the_names_of_functions_where_the_drivers_symbols_lie_beside_it(bool beside, string expected)
    {
        Assert.SkipUnless(File.Exists(BuiltDriver.Path), "the driver is not built: ./build.sh driver");
        using var folder = new TestFolder();
        byte[] driver = File.ReadAllBytes(BuiltDriver.Path);
        new byte[] { 0x0F, 0x0B }.CopyTo(driver, OffsetOf("kmutex_Tracing_Driver_ContendedWorkload__Run", driver)); // ud2
        string path = folder.Write("kmutex.sys", driver);
        if (beside)
        {
            File.Copy(Path.ChangeExtension(BuiltDriver.Path, ".pdb"), folder.PathOf("kmutex.pdb"));
        }

        CommandResult run = Command.Run("run", "--workload", "contended", "--driver", path, "-o", folder.PathOf("trace.etl"));
        Assert.Equal(ExitCode.DriverFailed, run.ExitCode);
        Assert.Contains("Illegal instruction at kmutex.sys+0x", run.Error, StringComparison.Ordinal);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    /// <summary>Where a function is in the file, by the linker's map of the driver.</summary>
    private static int OffsetOf(string function, byte[] driver)
    {
        string map = File.ReadAllText(Path.ChangeExtension(BuiltDriver.Path, ".map"));
        Match symbol = Regex.Match(map, $" {Regex.Escape(function)} +([0-9a-f]{{16}}) ");
        Assert.True(symbol.Success, $"kmutex.map has no symbol {function}: is it inlined, or renamed?");
        using var image = new PEReader(new MemoryStream(driver));
        int address = (int)(ulong.Parse(symbol.Groups[1].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture) - image.PEHeaders.PEHeader!.ImageBase);
        SectionHeader code = image.PEHeaders.SectionHeaders[image.PEHeaders.GetContainingSectionIndex(address)];
        return address - code.VirtualAddress + code.PointerToRawData;
    }

    private static CommandResult Run(string trace, string workload, params string[] more)
    {
        Assert.SkipUnless(File.Exists(BuiltDriver.Path), "the driver is not built: ./build.sh driver");
        return Command.Run(
            ["run", "--workload", workload, "--threads", "3", "--iterations", "20", "--driver", BuiltDriver.Path, "-o", trace, .. more]);
    }
}
