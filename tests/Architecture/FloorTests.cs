using System.Text.RegularExpressions;

namespace Tracing.Architecture.Tests;

/// <summary>
/// The floors of the house: analyzer stands on the host, the reports and etl; the host stands on etl; all else stands on nothing.
/// The generator is a tool of the build, not a library: a project may run it, none may link it.
/// </summary>
public sealed partial class FloorTests
{
    private static readonly Dictionary<string, string[]> MayStandOn = new()
    {
        ["analyzer"] = ["driver/Host", "reports", "etl"],
        ["driver/Host"] = ["etl"],
        ["driver"] = [],
        ["etl"] = [],
        ["manifest"] = [],
        ["reports"] = [],
    };

    /// <summary>
    /// The one file that crosses a floor as source: the layout of the IOCTL's buffers, which the driver defines and the host must match
    /// to the byte. Linking it is what keeps it from being typed twice.
    /// </summary>
    private const string SharedLayout = "driver/Workloads/WorkloadContract.cs";

    public static TheoryData<string> Projects() => [.. Repository.ProductProjects];

    [Fact]
    public void Every_wing_has_at_least_one_project() =>
        Assert.Equal(MayStandOn.Keys.Order(StringComparer.Ordinal), Repository.ProductProjects.Select(WingOf).Distinct().Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Projects))]
    public void Arrows_only_run_down(string project)
    {
        string wing = WingOf(project);
        IEnumerable<string> crossing = Repository.Imports(project)
            .Where(path => path != SharedLayout && WingOf(path) != wing && !MayStandOn[wing].Contains(WingOf(path)) && !RunsAsGenerator(project, path));
        Assert.Empty(crossing);
    }

    [Fact]
    public void There_are_no_circles()
    {
        Dictionary<string, string[]> arrows = Repository.ProductProjects.ToDictionary(
            project => project,
            project => Repository.Imports(project).Where(path => path.EndsWith(".csproj", StringComparison.Ordinal)).ToArray());
        HashSet<string> standing = [];
        while (arrows.Keys.FirstOrDefault(project => !standing.Contains(project) && arrows[project].All(standing.Contains)) is string next)
        {
            standing.Add(next);
        }

        Assert.Empty(arrows.Keys.Except(standing));
    }

    /// <summary>Inside the reports the same holds: a renderer knows the model and the wording of values, and what draws pictures for it; neither knows a renderer.</summary>
    [Theory]
    [InlineData("reports/Model", new string[0])]
    [InlineData("reports/Wording", new[] { "Model" })]
    [InlineData("reports/Plots", new[] { "Model", "Wording" })]
    [InlineData("reports/Text", new[] { "Model", "Wording" })]
    [InlineData("reports/Data", new[] { "Model", "Wording" })]
    [InlineData("reports/Gate", new[] { "Model", "Wording" })]
    [InlineData("reports/Traces", new string[0])]
    [InlineData("reports/DataFrames", new[] { "Model" })]
    [InlineData("reports/Html", new[] { "Model", "Wording", "Plots", "Data" })]
    public void A_renderer_knows_the_model_and_the_model_no_renderer(string folder, string[] allowed)
    {
        string own = folder["reports/".Length..];
        foreach (string file in Repository.SourceFiles(folder))
        {
            IEnumerable<string> used = ReportsNamespace().Matches(Repository.Read(file)).Select(match => match.Groups[1].Value).Distinct();
            Assert.Empty(used.Where(name => name != own && !allowed.Contains(name)).Select(name => $"{file} uses Tracing.Reports.{name}"));
        }
    }

    [Fact]
    public void The_solution_holds_every_project()
    {
        string solution = Repository.Read("Tracing.sln").Replace('\\', '/');
        Assert.Empty(Repository.Tracked().Where(path => path.EndsWith(".csproj", StringComparison.Ordinal) && !solution.Contains($"\"{path}\"", StringComparison.Ordinal)));
    }

    private static string WingOf(string path) =>
        path.StartsWith("driver/Host/", StringComparison.Ordinal) ? "driver/Host" : path.Split('/')[0];

    private static bool RunsAsGenerator(string project, string path) =>
        WingOf(path) == "manifest" && Repository.Read(project).Contains("OutputItemType=\"Analyzer\" ReferenceOutputAssembly=\"false\"", StringComparison.Ordinal);

    [GeneratedRegex(@"Tracing\.Reports\.(Model|Wording|Text|Html|Data|DataFrames|Gate|Traces|Plots)\b")]
    private static partial Regex ReportsNamespace();
}
