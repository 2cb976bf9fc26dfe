using System.Diagnostics;
using System.Xml.Linq;

namespace Tracing.Architecture.Tests;

/// <summary>The checkout that this test was built from: its root, its projects and the text files that git tracks.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Every project but the tests, by its path from the root with forward slashes.</summary>
    public static IReadOnlyList<string> ProductProjects { get; } =
        [.. Tracked().Where(path => path.EndsWith(".csproj", StringComparison.Ordinal) && !path.StartsWith("tests/", StringComparison.Ordinal))];

    /// <summary>Files that git tracks, or would after the next add, from the root with forward slashes, in ordinal order.</summary>
    public static IReadOnlyList<string> Tracked()
    {
        ProcessStartInfo start = new("git", ["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
        {
            WorkingDirectory = Root,
            RedirectStandardOutput = true,
        };
        using Process git = Process.Start(start) ?? throw new InvalidOperationException("git did not start");
        string listing = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        return [.. listing.Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Where(path => File.Exists(Path.Combine(Root, path)))
            .Order(StringComparer.Ordinal)];
    }

    public static IEnumerable<string> SourceFiles(string folder) =>
        Tracked().Where(path => path.StartsWith(folder + "/", StringComparison.Ordinal) && path.EndsWith(".cs", StringComparison.Ordinal));

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>What a project pulls in from elsewhere in the tree: project references and linked source files, from the root.</summary>
    public static IEnumerable<string> Imports(string project)
    {
        string folder = Path.GetDirectoryName(Path.Combine(Root, project))!;
        return XDocument.Load(Path.Combine(Root, project)).Descendants()
            .Where(element => element.Name.LocalName is "ProjectReference" or "Compile")
            .Select(element => (string?)element.Attribute("Include"))
            .OfType<string>()
            .Select(include => Path.GetRelativePath(Root, Path.GetFullPath(Path.Combine(folder, include.Replace('\\', '/')))).Replace('\\', '/'))
            .Where(path => !path.StartsWith(Path.GetDirectoryName(project)!.Replace('\\', '/') + "/", StringComparison.Ordinal)
                || path.EndsWith(".csproj", StringComparison.Ordinal));
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Tracing.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No Tracing.sln above {AppContext.BaseDirectory}: the tests run from a build inside the checkout.");
    }
}
