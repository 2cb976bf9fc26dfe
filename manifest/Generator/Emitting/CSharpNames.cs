using Microsoft.CodeAnalysis.CSharp;

namespace Tracing.Manifest.Emitting;

/// <summary>Names of the manifest as C# has them.</summary>
internal static class CSharpNames
{
    /// <summary>A field's name as a parameter.</summary>
    internal static string Parameter(string field)
    {
        string name = char.ToLowerInvariant(field[0]) + field.Substring(1);
        return SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : "@" + name;
    }

    /// <summary>What the generated types of a provider begin with: the first part of its name.</summary>
    internal static string Prefix(Model.EventManifest manifest) => manifest.Provider.Name.Split('-')[0];
}
