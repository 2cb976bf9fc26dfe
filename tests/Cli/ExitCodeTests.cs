using System.Globalization;
using System.Reflection;

namespace Tracing.Cli.Tests;

public sealed class ExitCodeTests
{
    [Fact]
    public void The_page_of_the_command_lists_the_exit_codes_there_are()
    {
        string page = Path.Combine(Path.GetDirectoryName(BuiltDriver.Path)!, "..", "..", "docs", "reference", "command.md");
        int[] listed =
        [
            .. File.ReadLines(page).SkipWhile(line => line != "## Exit codes").Where(line => line.StartsWith("| ", StringComparison.Ordinal))
                .Select(line => line.Split('|')[1].Trim()).Where(cell => int.TryParse(cell, CultureInfo.InvariantCulture, out _))
                .Select(cell => int.Parse(cell, CultureInfo.InvariantCulture)),
        ];

        Assert.Equal(
            typeof(ExitCode).GetFields(BindingFlags.Public | BindingFlags.Static).Select(code => (int)code.GetRawConstantValue()!).Order(), listed.Order());
    }
}
