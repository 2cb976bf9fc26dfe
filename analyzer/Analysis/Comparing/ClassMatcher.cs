using Tracing.Reports.Model;

namespace Tracing.Analysis.Comparing;

/// <summary>
/// Finds the classes of one recording in another: by label, else by allocation site. Never by address or id, which mean nothing in another recording.
/// </summary>
/// <remarks>
/// A site is the name of its file, its function and its line. Lines move when a file is edited, so what is left over is matched by file and function alone, in the order of
/// lines, where both recordings have equally many left there.
/// </remarks>
internal static class ClassMatcher
{
    /// <summary>The key that a class of the earlier recording has in the later one, by its key in the earlier.</summary>
    public static Dictionary<ClassKey, ClassKey> Match(IReadOnlyCollection<ClassKey> before, IReadOnlyCollection<ClassKey> after)
    {
        HashSet<ClassKey> known = [.. after];
        Dictionary<ClassKey, ClassKey> matches = before.Where(known.Contains).ToDictionary(key => key);
        ILookup<(string, string), ClassKey> left = after.Where(key => key.IsSite && !matches.ContainsKey(key)).ToLookup(key => (key.File, key.Member));
        foreach (IGrouping<(string, string), ClassKey> place in before.Where(key => key.IsSite && !matches.ContainsKey(key)).ToLookup(key => (key.File, key.Member)))
        {
            if (place.Count() == left[place.Key].Count())
            {
                foreach ((ClassKey one, ClassKey other) in place.OrderBy(key => key.Line).Zip(left[place.Key].OrderBy(key => key.Line)))
                {
                    matches.Add(one, other);
                }
            }
        }

        return matches;
    }
}

/// <summary>What tells a class of mutexes in every recording of one driver.</summary>
/// <param name="Label">The label; when it is not empty, the place is left empty.</param>
/// <param name="File">File name of the allocation site, without folders.</param>
/// <param name="Member">Its function.</param>
/// <param name="Line">Its line.</param>
internal readonly record struct ClassKey(string Label, string File, string Member, int Line)
{
    public bool IsSite => Label.Length == 0 && (File.Length > 0 || Member.Length > 0);

    public static ClassKey Of(string label, SourceSite? site)
    {
        if (label.Length > 0 || site is null)
        {
            return new ClassKey(label, "", "", 0);
        }

        int folder = site.File.AsSpan().LastIndexOfAny('/', '\\');
        return new ClassKey("", site.File[(folder + 1)..], site.Member, site.Line);
    }
}
