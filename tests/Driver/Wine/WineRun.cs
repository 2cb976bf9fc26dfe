using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Tracing.Driver.Tests.Binary;
using Tracing.Driver.Tests.Support;

namespace Tracing.Driver.Tests.Wine;

/// <summary>The unchanged kmutex.sys as a service under Wine, which runs drivers in its winedevice.exe.</summary>
internal static partial class WineRun
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly string[] CompilerOptions =
    [
        "--target=x86_64-pc-windows-msvc", "-ffreestanding", "-O2", "-Wall", "-Wextra", "-Werror", "-mno-red-zone", "-c",
    ];

    /// <summary>Starts the service, has it run workloads one after the other, stops it.</summary>
    /// <returns>Everything that was printed, and what the bridge counted of events.</returns>
    internal static (string Output, string Events) Execute(
        TemporaryFolder folder, int iterations, ulong seed, params IEnumerable<(uint Workload, int Threads)> workloads)
    {
        SkipUnlessThereIsWine();
        Build(folder);
        File.Copy(RealDriver.Path, folder["kmutex.sys"]);
        string prefix = folder["prefix"];
        try
        {
            // The prefix is made, and everything that made it has ended, before a service is started in it.
            Wine(prefix, "wine", "wineboot", "-i");
            Wine(prefix, "wineserver", "-w");
            string output = Wine(
                prefix,
                "wine",
                [
                    folder["referee.exe"], WindowsPath(folder["kmutex.sys"]), WindowsPath(folder["bridge.sys"]),
                    Text(iterations), "0", Text(seed), .. workloads.SelectMany(pair => (string[])[Text(pair.Workload), Text(pair.Threads)]),
                ]);
            return (output, File.ReadAllText(Path.Combine(prefix, "drive_c", "kmutex-events.txt")));
        }
        finally
        {
            _ = Run("wineserver", prefix, "-k");
        }
    }

    /// <summary>The numbers of each workload's line, by name.</summary>
    internal static Dictionary<string, ulong>[] Numbers(string output) =>
    [
        .. output.Split('\n').Where(line => line.StartsWith("workload ", StringComparison.Ordinal)).Select(line => Pair().Matches(line).ToDictionary(pair => pair.Groups[1].Value, pair => ulong.Parse(pair.Groups[2].Value, CultureInfo.InvariantCulture))),
    ];

    private static void SkipUnlessThereIsWine()
    {
        try
        {
            _ = Run("wine", "/nonexistent", "--version");
        }
        catch (Win32Exception)
        {
            Assert.Skip("Wine is not installed. ./build.sh wine installs it on Debian.");
        }
    }

    private static void Build(TemporaryFolder folder)
    {
        foreach (string source in (string[])["bridge", "referee"])
        {
            Tool("clang-19", [.. CompilerOptions, $"tests/Driver/Wine/{source}.c", "-o", folder[source + ".obj"]]);
        }

        foreach (string library in (string[])["ntoskrnl", "hal", "kernel32", "advapi32", "msvcrt"])
        {
            Tool("llvm-dlltool-19", ["-m", "i386:x86-64", "-d", $"tests/Driver/Wine/{library}.def", "-l", folder[library + ".lib"]]);
        }

        Tool(
            "lld-link-19",
            [
                "/driver", "/subsystem:native,10.0", "/machine:x64", "/nodefaultlib", "/entry:DriverEntry",
                folder["bridge.obj"], folder["ntoskrnl.lib"], folder["hal.lib"], "/out:" + folder["bridge.sys"],
            ]);
        Tool(
            "lld-link-19",
            [
                "/subsystem:console", "/machine:x64", "/nodefaultlib", "/entry:start_of_program",
                folder["referee.obj"], folder["kernel32.lib"], folder["advapi32.lib"], folder["msvcrt.lib"], "/out:" + folder["referee.exe"],
            ]);
    }

    private static void Tool(string tool, string[] arguments)
    {
        try
        {
            (int exitCode, string output) = Run(tool, null, arguments);
            Assert.True(exitCode == 0, $"{tool} {string.Join(' ', arguments)}\n{output}");
        }
        catch (Win32Exception)
        {
            Assert.Skip($"{tool} is not installed. ./build.sh wine installs it on Debian.");
        }
    }

    private static string Wine(string prefix, string program, params string[] arguments)
    {
        (int exitCode, string output) = Run(program, prefix, arguments);
        Assert.True(exitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {exitCode}:\n{output}");
        return output;
    }

    private static (int ExitCode, string Output) Run(string program, string? prefix, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { WorkingDirectory = BuiltDriver.RepositoryRoot, RedirectStandardError = true, RedirectStandardOutput = true };
        if (prefix is not null)
        {
            start.Environment["WINEPREFIX"] = prefix;
            start.Environment["WINEDEBUG"] = "-all";
        }

        using Process process = Process.Start(start)!;
        StringBuilder output = new();
        process.OutputDataReceived += (_, line) => Append(line.Data);
        process.ErrorDataReceived += (_, line) => Append(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{program} {string.Join(' ', arguments)} has not ended within {Patience.TotalMinutes} minutes.");
        }

        // Not until the pipes are closed: servers that Wine leaves behind for a while may hold them open.
        Thread.Sleep(TimeSpan.FromSeconds(1));
        lock (output)
        {
            return (process.ExitCode, output.ToString());
        }

        void Append(string? line)
        {
            lock (output)
            {
                output.Append(line).Append('\n');
            }
        }
    }

    private static string WindowsPath(string path) => "Z:" + path.Replace('/', '\\');

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(\w+) (\d+)")]
    private static partial Regex Pair();
}
