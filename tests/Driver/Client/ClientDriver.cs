using System.ComponentModel;
using System.Diagnostics;
using Tracing.Driver.Tests.Binary;
using Tracing.Driver.Tests.Support;

namespace Tracing.Driver.Tests.Client;

/// <summary>client.sys: client.cpp and client.c, compiled by clang against driver/include and linked with kmutex.lib.</summary>
internal static class ClientDriver
{
    /// <summary>What both languages are compiled with: as for any driver, and with paths as they are written from the repository's root.</summary>
    private static readonly string[] CompilerOptions =
    [
        "--target=x86_64-pc-windows-msvc", "-ffreestanding", "-O2", "-Wall", "-Wextra", "-Werror", "-mno-red-zone", "-c",
    ];

    /// <summary>Builds the driver into a folder.</summary>
    /// <param name="folder">Receives client.sys and what it is made of.</param>
    /// <param name="standard">The C++ standard: c++17 or later.</param>
    /// <returns>The path of client.sys. Where a tool is absent the test is skipped, with the reason.</returns>
    internal static string Build(TemporaryFolder folder, string standard)
    {
        string kernel = folder["ntoskrnl.lib"];
        string library = Path.Combine(Path.GetDirectoryName(RealDriver.Path)!, "kmutex.lib");
        Run("clang-19", [.. CompilerOptions, $"-std={standard}", "-fno-exceptions", "-fno-rtti", "tests/Driver/Client/client.cpp", "-o", folder["cpp.obj"]]);
        Run("clang-19", [.. CompilerOptions, "-std=c11", "tests/Driver/Client/client.c", "-o", folder["c.obj"]]);
        Run("llvm-dlltool-19", ["-m", "i386:x86-64", "-d", "driver/Support/ntoskrnl.def", "-l", kernel]);
        Run(
            "lld-link-19",
            [
                "/driver", "/subsystem:native,10.0", "/machine:x64", "/nodefaultlib", "/entry:DriverEntry",
                folder["cpp.obj"], folder["c.obj"], library, kernel, "/out:" + folder["client.sys"],
            ]);
        return folder["client.sys"];
    }

    /// <summary>The number of the line, from 1, that says "here:" and a word.</summary>
    internal static uint LineOf(string file, string word)
    {
        string[] lines = File.ReadAllLines(Path.Combine(BuiltDriver.RepositoryRoot, file));
        int index = Array.FindIndex(lines, line => line.TrimEnd(' ', '*', '/').EndsWith("here: " + word, StringComparison.Ordinal));
        Assert.True(index >= 0, $"{file} has no line that says here: {word}.");
        return (uint)index + 1;
    }

    private static void Run(string tool, string[] arguments)
    {
        ProcessStartInfo start = new(tool, arguments)
        {
            WorkingDirectory = BuiltDriver.RepositoryRoot,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        try
        {
            using Process process = Process.Start(start)!;
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, $"{tool} {string.Join(' ', arguments)}\n{errors}{output.Result}");
        }
        catch (Win32Exception)
        {
            Assert.Skip($"{tool} is not installed, so that the client driver cannot be built (Debian: apt-get install clang-19 lld-19 llvm-19).");
        }
    }
}
