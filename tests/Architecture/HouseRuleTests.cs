using System.Text.RegularExpressions;

namespace Tracing.Architecture.Tests;

/// <summary>Rules of the house that a reader would otherwise have to check by eye on every change.</summary>
public sealed partial class HouseRuleTests
{
    private static IEnumerable<string> Source() =>
        Repository.Tracked().Where(path => path.EndsWith(".cs", StringComparison.Ordinal) || path.EndsWith(".S", StringComparison.Ordinal));

    [Fact]
    public void No_source_file_is_longer_than_900_lines() =>
        Assert.Empty(Source().Where(path => File.ReadLines(Path.Combine(Repository.Root, path)).Count() > 900));

    [Fact]
    public void There_are_no_drawers_for_odds_and_ends() =>
        Assert.Empty(Source().Where(path => Drawer().IsMatch(Path.GetFileNameWithoutExtension(path))));

    [Fact]
    public void Nothing_is_left_to_be_done_later() =>
        Assert.Empty(Source().Where(path => path != ThisFile && Postponed().IsMatch(Repository.Read(path))));

    /// <summary>The provider's GUID stands in the manifest; the profile and the generated reference must repeat it and are compared with it elsewhere.</summary>
    [Fact]
    public void The_provider_id_is_typed_in_the_manifest_alone()
    {
        Match id = ProviderId().Match(Repository.Read("manifest/KMutex.man"));
        Assert.True(id.Success, "manifest/KMutex.man has no provider guid");
        string[] compared = ["manifest/KMutex.man", "trace.wprp", "docs/reference/events.md"];
        Assert.Empty(Source().Concat(compared).Where(path =>
            !compared.Contains(path) && !path.StartsWith("tests/Manifest/", StringComparison.Ordinal)
            && Repository.Read(path).Contains(id.Groups[1].Value, StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public void No_machine_path_is_named() =>
        Assert.Empty(Repository.Tracked()
            .Where(path => path != ThisFile && !Binary().IsMatch(path))
            .Where(path => MachinePath().IsMatch(Repository.Read(path))));

    private const string ThisFile = "tests/Architecture/HouseRuleTests.cs";

    [GeneratedRegex("(Helpers?|Utils?|Utilities|Common|Misc|Extensions2?)$")]
    private static partial Regex Drawer();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b")]
    private static partial Regex Postponed();

    [GeneratedRegex(@"guid=""\{([0-9A-Fa-f-]{36})\}""")]
    private static partial Regex ProviderId();

    [GeneratedRegex(@"\.(etl|png|ico|woff2?)$")]
    private static partial Regex Binary();

    [GeneratedRegex(@"(/root/|/home/\w|/work/|C:\\Users\\)")]
    private static partial Regex MachinePath();
}
