using System.Diagnostics.CodeAnalysis;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace Tracing.Manifest.Tests;

/// <summary>The generator as the compiler runs it: errors with a place instead of exceptions, the same output for the same input, no work for an unrelated edit.</summary>
public sealed class GeneratorTests
{
    [Theory]
    [InlineData("Decoders")]
    [InlineData("Driver")]
    [InlineData("Parser")]
    public void The_manifest_gives_files_and_no_diagnostics(string output)
    {
        GeneratorDriverRunResult result = Run(output, Sources.ManifestText);
        Assert.Empty(result.Diagnostics);
        Assert.NotEmpty(result.GeneratedTrees);
        Assert.All(result.GeneratedTrees, tree => Assert.Empty(tree.GetDiagnostics(TestContext.Current.CancellationToken)));
        Assert.All(result.GeneratedTrees, tree => Assert.DoesNotContain("\r", tree.ToString(), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Decoders")]
    [InlineData("Parser")]
    public void What_users_see_is_documented_throughout(string output)
    {
        GeneratorDriverRunResult result = Run(output, Sources.ManifestText);
        foreach (SyntaxTree tree in result.GeneratedTrees)
        {
            string[] lines = tree.ToString().Split('\n');
            Assert.All(
                lines.Index().Where(line => line.Item.TrimStart().StartsWith("public ", StringComparison.Ordinal)),
                line => Assert.StartsWith("///", LineAbove(lines, line.Index), StringComparison.Ordinal));
        }
    }

    [Fact]
    public void What_is_wrong_is_an_error_at_its_line()
    {
        string text = BrokenManifest.Text("keywords=\"Irql\"", "keywords=\"Irq\"");
        GeneratorDriverRunResult result = Run("Decoders", text);
        Diagnostic error = Assert.Single(result.Diagnostics);
        Assert.Equal("KMX001", error.Id);
        Assert.Equal(DiagnosticSeverity.Error, error.Severity);
        Assert.Equal("The event IrqlRejected refers to the keyword 'Irq', which does not exist.", error.GetMessage(null));
        FileLinePositionSpan place = error.Location.GetLineSpan();
        Assert.Equal("KMutex.man", place.Path);
        Assert.Equal(BrokenManifest.LineOf(text, "keywords=\"Irq\""), place.StartLinePosition.Line + 1);
        Assert.Empty(result.GeneratedTrees);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<broken")]
    public void What_is_no_XML_is_an_error(string text)
    {
        Diagnostic error = Assert.Single(Run("Driver", text).Diagnostics);
        Assert.Equal("KMX001", error.Id);
        Assert.StartsWith("The manifest is not well-formed XML", error.GetMessage(null), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "The property KMutexManifestOutput is '', expected 'Decoders', 'Driver' or 'Parser'")]
    [InlineData("Decoder", "The property KMutexManifestOutput is 'Decoder', expected 'Decoders', 'Driver' or 'Parser'")]
    public void Not_to_say_what_to_make_is_an_error(string? output, string expected)
    {
        Diagnostic error = Assert.Single(Run(output, Sources.ManifestText).Diagnostics);
        Assert.Equal("KMX002", error.Id);
        Assert.StartsWith(expected, error.GetMessage(null), StringComparison.Ordinal);
    }

    [Fact]
    public void No_manifest_or_two_are_an_error()
    {
        Assert.Equal("The project has 0 .man files among its AdditionalFiles, expected one.", Assert.Single(Run("Driver").Diagnostics).GetMessage(null));
        Assert.Equal("The project has 2 .man files among its AdditionalFiles, expected one.", Assert.Single(Run("Driver", "", "").Diagnostics).GetMessage(null));
    }

    [Fact]
    public void An_edit_elsewhere_costs_nothing()
    {
        CSharpCompilation compilation = CSharpCompilation.Create("edited");
        GeneratorDriver driver = NewDriver("Decoders", [Sources.ManifestText]).RunGenerators(compilation, TestContext.Current.CancellationToken);
        SyntaxTree edit = CSharpSyntaxTree.ParseText("class C;", cancellationToken: TestContext.Current.CancellationToken);
        driver = driver.RunGenerators(compilation.AddSyntaxTrees(edit), TestContext.Current.CancellationToken);
        GeneratorRunResult result = Assert.Single(driver.GetRunResult().Results);
        Assert.All(
            result.TrackedOutputSteps.SelectMany(step => step.Value).SelectMany(step => step.Outputs),
            output => Assert.Equal(IncrementalStepRunReason.Cached, output.Reason));
        Assert.NotEmpty(result.TrackedOutputSteps);
    }

    /// <summary>The line before, attributes passed over.</summary>
    private static string LineAbove(string[] lines, int index)
    {
        do
        {
            index--;
        }
        while (lines[index].TrimStart().StartsWith('['));
        return lines[index].TrimStart();
    }

    private static GeneratorDriverRunResult Run(string? output, params string[] manifests) =>
        NewDriver(output, manifests).RunGenerators(CSharpCompilation.Create("tested"), TestContext.Current.CancellationToken).GetRunResult();

    private static CSharpGeneratorDriver NewDriver(string? output, string[] manifests) => CSharpGeneratorDriver.Create(
        [new ManifestGenerator().AsSourceGenerator()],
        manifests.Select(text => new ManifestFile(text)),
        CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Preview),
        new Options(output),
        new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    private sealed class ManifestFile(string text) : AdditionalText
    {
        public override string Path => "KMutex.man";

        public override SourceText GetText(CancellationToken cancellationToken = default) => SourceText.From(text);
    }

    private sealed class Options(string? output) : AnalyzerConfigOptionsProvider
    {
        public override AnalyzerConfigOptions GlobalOptions => new Properties(output);

        public override AnalyzerConfigOptions GetOptions(SyntaxTree tree) => GlobalOptions;

        public override AnalyzerConfigOptions GetOptions(AdditionalText textFile) => GlobalOptions;

        private sealed class Properties(string? output) : AnalyzerConfigOptions
        {
            public override bool TryGetValue(string key, [NotNullWhen(true)] out string? value)
            {
                value = key == "build_property.KMutexManifestOutput" ? output : null;
                return value is not null;
            }
        }
    }
}
