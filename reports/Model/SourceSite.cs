namespace Tracing.Reports.Model;

/// <summary>A place in the driver's source, as the compiler noted it.</summary>
/// <param name="File">Path as compiled in; may be empty.</param>
/// <param name="Line">Line, from 1; 0 for unknown.</param>
/// <param name="Member">Function or property.</param>
public sealed record SourceSite(string File, int Line, string Member)
{
    /// <summary>By file, line and function, as bytes compare; what is not known comes first. Two places are equal in it only when they are one.</summary>
    public static IComparer<SourceSite?> Order { get; } = Comparer<SourceSite?>.Create((one, other) =>
    {
        if (one is null || other is null)
        {
            return (one is null ? 0 : 1).CompareTo(other is null ? 0 : 1);
        }

        int order = string.CompareOrdinal(one.File, other.File);
        order = order != 0 ? order : one.Line.CompareTo(other.Line);
        return order != 0 ? order : string.CompareOrdinal(one.Member, other.Member);
    });

    /// <summary>File name without folders, and line: <c>Queue.cs:118</c>.</summary>
    public string Short
    {
        get
        {
            int folder = File.AsSpan().LastIndexOfAny('/', '\\');
            string name = folder < 0 ? File : File[(folder + 1)..];
            return name.Length == 0 ? Member : Line > 0 ? $"{name}:{Line}" : name;
        }
    }
}
