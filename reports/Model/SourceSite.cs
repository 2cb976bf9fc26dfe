namespace Tracing.Reports.Model;

/// <summary>A place in the driver's source, as the compiler noted it.</summary>
/// <param name="File">Path as compiled in; may be empty.</param>
/// <param name="Line">Line, from 1; 0 for unknown.</param>
/// <param name="Member">Function or property.</param>
public sealed record SourceSite(string File, int Line, string Member)
{
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
