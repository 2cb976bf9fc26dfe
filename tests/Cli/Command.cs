using System.Text;

namespace Tracing.Cli.Tests;

/// <summary>What a run of the command in this process left behind.</summary>
internal sealed record CommandResult(int ExitCode, string Output, string Error)
{
    public string[] Lines => Output.TrimEnd('\n').Split('\n');

    /// <summary>A failure must be one sentence for people: no stack trace, no type name, and nothing that looks like data.</summary>
    public void AssertClearError(int exitCode, params string[] mentions)
    {
        Assert.Equal(exitCode, ExitCode);
        Assert.StartsWith("error: ", Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", Error, StringComparison.Ordinal);
        Assert.Equal("", Output);
        Assert.All(mentions, mention => Assert.Contains(mention, Error, StringComparison.Ordinal));
    }
}

/// <summary>Runs the command in this process.</summary>
internal static class Command
{
    public static CommandResult Run(params string[] arguments) => Run(colour: false, TestContext.Current.CancellationToken, arguments);

    public static CommandResult Run(bool colour, CancellationToken cancellation, params string[] arguments)
    {
        using var output = new MemoryStream();
        var error = new StringWriter { NewLine = "\n" };
        int exitCode = CommandLine.Run(arguments, new Session(output, error, colour, cancellation));
        return new CommandResult(exitCode, Encoding.UTF8.GetString(output.ToArray()), error.ToString());
    }
}

/// <summary>A folder of a test's own, gone with it.</summary>
internal sealed class TestFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kmutex-test-");

    public string PathOf(string name) => Path.Combine(_folder.FullName, name);

    public string[] Files => [.. _folder.GetFiles().Select(file => file.Name).Order(StringComparer.Ordinal)];

    public string Write(string name, byte[] content)
    {
        File.WriteAllBytes(PathOf(name), content);
        return PathOf(name);
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
