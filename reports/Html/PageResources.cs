using System.Security.Cryptography;
using System.Text;

namespace Tracing.Reports.Html;

/// <summary>Style and script of the page, put together from the files of the folder Page: no build step, no library.</summary>
internal static class PageResources
{
    // In the order in which they stand on each other.
    private static readonly string[] Scripts =
        ["tables.js", "theme.js", "timeline-data.js", "timeline-draw.js", "timeline-view.js", "timeline-stacks.js", "timeline-details.js", "heat.js", "start.js"];

    /// <summary>The style sheet.</summary>
    public static string Style { get; } = Read("report.css") + Read("timeline.css");

    /// <summary>The script, as the text of its element: marked so that the page stays XML, whatever characters the script has.</summary>
    public static string Script { get; } = $"//<![CDATA[\n{string.Concat(Scripts.Select(Read))}//]]>\n";

    /// <summary>What a content security policy knows the script by.</summary>
    public static string ScriptHash { get; } = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Script)));

    private static string Read(string name)
    {
        using Stream stream = typeof(PageResources).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The resource {name} is not in the assembly; this is an error of the build.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
