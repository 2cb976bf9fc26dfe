using Tracing.Manifest.Emitting;

namespace Tracing.Manifest.Tests;

/// <summary>The reference of events in the documentation is the generated one.</summary>
public sealed class ReferenceTests
{
    private static readonly string ReferencePath = Path.Combine(Sources.Root, "docs", "reference", "events.md");

    [Fact]
    public void The_committed_reference_is_that_of_the_manifest()
    {
        string current = ReferenceTableEmitter.Emit(Sources.Manifest);
        if (Environment.GetEnvironmentVariable("KMUTEX_UPDATE_DOCS") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(ReferencePath)!);
            File.WriteAllText(ReferencePath, current);
        }

        Assert.True(File.Exists(ReferencePath), $"{ReferencePath} is missing: run ./build.sh docs.");
        Assert.True(current == File.ReadAllText(ReferencePath), "docs/reference/events.md is not what the manifest says: run ./build.sh docs and commit it.");
    }

    [Fact]
    public void Every_event_field_keyword_and_value_is_in_it()
    {
        string reference = ReferenceTableEmitter.Emit(Sources.Manifest);
        Assert.All(Sources.Manifest.Events, @event => Assert.Contains($"## {@event.Name} ({@event.Id})", reference, StringComparison.Ordinal));
        Assert.All(Sources.Manifest.Keywords, keyword => Assert.Contains($"| {keyword.Name} | `0x{keyword.Mask:X2}` | {keyword.Documentation} |", reference, StringComparison.Ordinal));
        Assert.All(Sources.Manifest.Templates.SelectMany(template => template.Fields), field => Assert.Contains($"| {field.Documentation} |", reference, StringComparison.Ordinal));
        Assert.All(Sources.Manifest.Maps.SelectMany(map => map.Values), value => Assert.Contains($"| {Sources.Manifest.NameOf(value)} | {value.Documentation} |", reference, StringComparison.Ordinal));
    }
}
