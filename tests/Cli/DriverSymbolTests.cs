using System.Diagnostics;
using System.Globalization;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Tracing.Analyzer.Tests.Files;
using Tracing.Etl.Kernel;
using Tracing.Etl.Tests;
using Tracing.Events;
using Tracing.Symbols;

namespace Tracing.Cli.Tests;

/// <summary>Functions of the real driver, from the database that its linker wrote.</summary>
public sealed partial class DriverSymbolTests : IDisposable
{
    private const long T = TraceBuilder.StartTicks;
    private const ulong Base = 0xFFFF_F800_1000_0000;
    private const string Reference = "llvm-pdbutil-19";
    private readonly TestFolder _folder = new();

    private static string PdbPath => Path.ChangeExtension(BuiltDriver.Path, ".pdb");

    [Fact]
    public void Every_function_has_the_address_that_LLVM_reads()
    {
        List<(int Section, uint Offset, string Name)> expected = ReadByLlvm();
        NativePdb pdb = NativePdb.Open(PdbPath);
        using PEReader image = new(File.OpenRead(BuiltDriver.Path));
        List<SectionHeader> sections = [.. image.PEHeaders.SectionHeaders];
        var functions = expected
            .Where(symbol => symbol.Section <= sections.Count && sections[symbol.Section - 1].SectionCharacteristics.HasFlag(SectionCharacteristics.MemExecute))
            .Select(symbol => (Address: (uint)sections[symbol.Section - 1].VirtualAddress + symbol.Offset, symbol.Name))
            .ToList();

        Assert.NotEmpty(functions);
        Assert.Equal(functions.Count, pdb.FunctionCount);
        foreach (IGrouping<uint, string> function in functions.GroupBy(function => function.Address, function => function.Name))
        {
            Assert.True(pdb.TryFind(function.Key, out string name, out uint offset));
            Assert.Equal((function.Min(StringComparer.Ordinal), 0U), (name, offset));
        }
    }

    [Fact]
    public void The_database_belongs_to_the_driver()
    {
        using PEReader image = new(File.OpenRead(BuiltDriver.Path));
        CodeViewDebugDirectoryData data = image.ReadDebugDirectory().Where(entry => entry.Type == DebugDirectoryEntryType.CodeView)
            .Select(image.ReadCodeViewDebugDirectoryData).Single();

        Assert.Equal(new PdbIdentity(data.Guid, data.Age), NativePdb.Open(PdbPath).Identity);
    }

    [Fact]
    public void Dump_names_the_functions_of_a_stack()
    {
        uint address = AddressOf("KmxFreeMutex");
        string trace = _folder.Write("trace.etl", TraceWithStack(TimeStamp(), Base + address + 5, 0x7FF0_0000_1234));
        string symbols = Path.GetDirectoryName(BuiltDriver.Path)!;

        string[] lines = Command.Run("dump", trace, "--provider", "KMutex-Driver", "--symbols", symbols).Lines;
        Assert.Equal(["kmutex!KmxFreeMutex+0x5", "0x7ff000001234"], lines[^2..].Select(line => line.Trim()));
        Assert.Equal($"kmutex+0x{address + 5:x}", Command.Run("dump", trace, "--provider", "KMutex-Driver", "--stacks").Lines[^2].Trim());
        string json = Command.Run("dump", trace, "--provider", "KMutex-Driver", "--symbols", symbols, "--json").Lines[^1];
        Assert.Equal("kmutex!KmxFreeMutex+0x5", JsonDocument.Parse(json).RootElement.GetProperty("stack")[0].GetString());
    }

    [Fact]
    public void The_report_names_the_functions_of_the_slowest_wait()
    {
        uint address = AddressOf("KmxFreeMutex");
        string trace = _folder.Write("trace.etl", TraceWithStack(TimeStamp(), Base + address + 5, 0x7FF0_0000_1234));
        string symbols = Path.GetDirectoryName(BuiltDriver.Path)!;

        JsonElement stack = JsonDocument.Parse(Command.Run("report", trace, "--json", "--symbols", symbols).Output).RootElement.GetProperty("stacks")[0];
        Assert.Equal(("Wait", 700), (stack.GetProperty("kind").GetString(), stack.GetProperty("ns").GetInt32()));
        Assert.Equal(["kmutex!KmxFreeMutex+0x5", "0x7ff000001234"], stack.GetProperty("frames").EnumerateArray().Select(frame => frame.GetString()));
        Assert.Contains("kmutex!KmxFreeMutex+0x5", Command.Run("report", trace, "--symbols", symbols).Output, StringComparison.Ordinal);
        Assert.Contains($"kmutex+0x{address + 5:x}", Command.Run("report", trace).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Symbols_of_another_build_are_not_used_and_that_is_said()
    {
        uint address = AddressOf("KmxFreeMutex");
        string trace = _folder.Write("trace.etl", TraceWithStack(TimeStamp() + 1, Base + address, 0));
        CommandResult result = Command.Run("dump", trace, "--provider", "KMutex-Driver", "--symbols", Path.GetDirectoryName(BuiltDriver.Path)!);

        Assert.Equal($"kmutex+0x{address:x}", result.Lines[^2].Trim());
        Assert.Contains("not used", result.Error, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static uint TimeStamp()
    {
        using PEReader image = new(File.OpenRead(BuiltDriver.Path));
        return (uint)image.PEHeaders.CoffHeader.TimeDateStamp;
    }

    private static uint AddressOf(string export)
    {
        NativePdb pdb = NativePdb.Open(PdbPath);
        for (uint address = 0; address < 1 << 20; address++)
        {
            if (pdb.TryFind(address, out string name, out uint offset) && offset == 0 && name == export)
            {
                return address;
            }
        }

        throw new InvalidOperationException($"{PdbPath} has no function {export}.");
    }

    private static byte[] TraceWithStack(uint timeDateStamp, params ulong[] frames)
    {
        // Image, version 2, 64-bit: base, size, process, checksum, time stamp, 4 bytes, address, 16 bytes, name.
        byte[] image = [
            .. BitConverter.GetBytes(Base), .. BitConverter.GetBytes(0x100000UL), .. new byte[8], .. BitConverter.GetBytes(timeDateStamp), .. new byte[28],
            .. Encoding.Unicode.GetBytes("\\SystemRoot\\System32\\drivers\\kmutex.sys\0")];
        byte[] stack = RecordBytes.Items((6, [.. new byte[8], .. frames.SelectMany(BitConverter.GetBytes)]));
        byte[] acquired = [.. BitConverter.GetBytes(1UL), .. BitConverter.GetBytes(1UL), 1, 0, 0, .. BitConverter.GetBytes((ulong)T + 2), .. BitConverter.GetBytes((ulong)T + 9), .. new byte[4]];
        return new TraceBuilder()
            .Record(T + 1, RecordBytes.System(T + 1, KernelHook.ImageRundownStart, image))
            .Record(T + 10, RecordBytes.Event(T + 10, KMutexProvider.Id, 12, acquired, stack))
            .Build();
    }

    private static List<(int Section, uint Offset, string Name)> ReadByLlvm()
    {
        string output;
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(Reference, ["dump", "-publics", PdbPath]) { RedirectStandardOutput = true })!;
            output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            Assert.Skip($"{Reference} is not here ({e.Message}): ./build.sh installs it on Debian.");
            throw;
        }

        return [.. PublicSymbol().Matches(output).Select(match => (
            int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture), uint.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture), match.Groups[1].Value))];
    }

    [GeneratedRegex(@"S_PUB32 \[[^\]]*\] `(.*)`\s+flags = .*, addr = (\d+):(\d+)")]
    private static partial Regex PublicSymbol();
}
