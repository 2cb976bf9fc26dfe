using Tracing.Manifest.Checking;
using Tracing.Manifest.Model;
using Tracing.Manifest.Reading;

namespace Tracing.Manifest.Tests;

/// <summary>The manifest with one thing changed, and what is said of it.</summary>
internal static class BrokenManifest
{
    /// <summary>The text with each occurrence replaced, of which there must be at least one.</summary>
    public static string Text(string sound, string broken)
    {
        Assert.Contains(sound, Sources.ManifestText, StringComparison.Ordinal);
        return Sources.ManifestText.Replace(sound, broken, StringComparison.Ordinal);
    }

    /// <summary>What reader and validator find in a text, which the reader may not have given up on.</summary>
    public static IReadOnlyList<ManifestProblem> ProblemsOf(string text)
    {
        EventManifest? manifest = ManifestReader.Read(text, out IReadOnlyList<ManifestProblem> problems);
        Assert.NotNull(manifest);
        return [.. problems, .. ManifestValidator.Validate(manifest)];
    }

    /// <summary>The line, from 1, on which a piece of a text first stands.</summary>
    public static int LineOf(string text, string piece) => text[..text.IndexOf(piece, StringComparison.Ordinal)].Count(character => character == '\n') + 1;
}
