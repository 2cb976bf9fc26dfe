using System.Globalization;
using System.Reflection;

namespace Tracing.Cli.Tests;

/// <summary>The table of exit codes in the documentation is made from the code: ./build.sh docs writes it anew.</summary>
public sealed class ExitCodeTests
{
    private const string Head = "| code | meaning |\n|---|---|\n";

    private static readonly string Page = Path.Combine(Path.GetDirectoryName(BuiltDriver.Path)!, "..", "..", "docs", "reference", "command.md");

    [Fact]
    public void Each_code_has_a_meaning() => Assert.Equal(
        typeof(ExitCode).GetFields(BindingFlags.Public | BindingFlags.Static).Where(field => field.IsLiteral).Select(code => (int)code.GetRawConstantValue()!),
        ExitCode.Meanings.Select(code => code.Code));

    [Fact]
    public void The_page_of_the_command_has_the_table_of_the_code()
    {
        string table = Head + string.Concat(ExitCode.Meanings.Select(code => string.Create(CultureInfo.InvariantCulture, $"| {code.Code} | {code.Meaning} |\n")));
        string page = File.ReadAllText(Page);
        int start = page.IndexOf(Head, StringComparison.Ordinal);
        int end = page.IndexOf("\n\n", start, StringComparison.Ordinal) + 1;
        string current = page[..start] + table + page[end..];
        if (Environment.GetEnvironmentVariable("KMUTEX_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(Page, current);
        }

        Assert.True(current == File.ReadAllText(Page), "docs/reference/command.md does not have the exit codes of the code: run ./build.sh docs and commit it.");
    }

    [Fact]
    public void Help_lists_them()
    {
        string help = Command.Run("--help").Output;

        Assert.All(ExitCode.Meanings, code => Assert.Contains(code.Meaning.Split(". ")[0].TrimEnd('.'), help, StringComparison.Ordinal));
        Assert.All(help.Split('\n'), line => Assert.InRange(line.Length, 0, 120));
    }
}
