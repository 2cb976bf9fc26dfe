using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Text;
using System.Threading;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;
using Tracing.Manifest.Checking;
using Tracing.Manifest.Emitting;
using Tracing.Manifest.Model;
using Tracing.Manifest.Reading;

namespace Tracing.Manifest;

/// <summary>
/// The source generator: reads the one .man file among the project's AdditionalFiles and emits what the MSBuild property
/// KMutexManifestOutput asks for, <c>Decoders</c>, <c>Driver</c> or <c>Parser</c>. Whatever is wrong with the manifest is a compile error at its line.
/// It runs again only when the manifest's text or the property changes.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class ManifestGenerator : IIncrementalGenerator
{
    private const string OutputProperty = "build_property.KMutexManifestOutput";

    private static readonly DiagnosticDescriptor BadManifest = new(
        "KMX001", "Bad event manifest", "{0}", "Manifest", DiagnosticSeverity.Error, isEnabledByDefault: true);

    private static readonly DiagnosticDescriptor BadSetup = new(
        "KMX002", "Event manifest not set up", "{0}", "Manifest", DiagnosticSeverity.Error, isEnabledByDefault: true);

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValueProvider<ImmutableArray<ManifestSource>> manifests = context.AdditionalTextsProvider
            .Where(file => Path.GetExtension(file.Path) == ".man")
            .Select(ManifestSource.Read)
            .Collect();
        IncrementalValueProvider<string> output = context.AnalyzerConfigOptionsProvider
            .Select((options, _) => options.GlobalOptions.TryGetValue(OutputProperty, out string? value) ? value : "");
        context.RegisterSourceOutput(manifests.Combine(output), (production, input) => Generate(production, input.Left, input.Right));
    }

    private static void Generate(SourceProductionContext production, ImmutableArray<ManifestSource> sources, string output)
    {
        Func<EventManifest, IEnumerable<GeneratedFile>>? emit = output switch
        {
            "Decoders" => DecoderEmitter.Emit,
            "Driver" => DriverEmitter.Emit,
            "Parser" => ParserEmitter.Emit,
            _ => null,
        };
        if (emit is null)
        {
            Report($"The property KMutexManifestOutput is '{output}', expected 'Decoders', 'Driver' or 'Parser'; make it a CompilerVisibleProperty.");
            return;
        }

        if (sources.Length != 1)
        {
            Report($"The project has {sources.Length} .man files among its AdditionalFiles, expected one.");
            return;
        }

        EventManifest? manifest = ManifestReader.Read(sources[0].Text, out IReadOnlyList<ManifestProblem> problems);
        if (manifest is not null && problems.Count == 0)
        {
            problems = ManifestValidator.Validate(manifest);
        }

        foreach (ManifestProblem problem in problems)
        {
            production.ReportDiagnostic(Diagnostic.Create(BadManifest, sources[0].LocationOf(problem), problem.Message));
        }

        if (manifest is null || problems.Count > 0)
        {
            return;
        }

        foreach (GeneratedFile file in emit(manifest))
        {
            production.AddSource(file.Name, SourceText.From(file.Text, Encoding.UTF8));
        }

        void Report(string setupProblem) => production.ReportDiagnostic(Diagnostic.Create(BadSetup, null, setupProblem));
    }

    /// <summary>What the output depends on, compared by value.</summary>
    private sealed record ManifestSource(string Path, string Text)
    {
        internal static ManifestSource Read(AdditionalText file, CancellationToken cancellation) =>
            new(file.Path, file.GetText(cancellation)?.ToString() ?? "");

        internal Location LocationOf(ManifestProblem problem)
        {
            LinePosition place = new(Math.Max(0, problem.Position.Line - 1), Math.Max(0, problem.Position.Column - 1));
            return Location.Create(Path, default, new LinePositionSpan(place, place));
        }
    }
}
