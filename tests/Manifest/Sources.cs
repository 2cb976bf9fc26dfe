using System.Reflection;
using Tracing.Manifest.Model;
using Tracing.Manifest.Reading;

namespace Tracing.Manifest.Tests;

/// <summary>The files under test, read from the checkout this was built in, and Microsoft's from the SDK package.</summary>
internal static class Sources
{
    public static string Root { get; } = FindRoot();

    public static string ManifestPath { get; } = Path.Combine(Root, "manifest", "KMutex.man");

    public static string ManifestText { get; } = File.ReadAllText(ManifestPath);

    public static string SchemaPath { get; } = Path.Combine(SdkHeaders(), "eventman.xsd");

    public static string StandardNamesPath { get; } = Path.Combine(SdkHeaders(), "winmeta.xml");

    public static EventManifest Manifest { get; } = ReadManifest();

    private static EventManifest ReadManifest()
    {
        EventManifest? manifest = ManifestReader.Read(ManifestText, out IReadOnlyList<ManifestProblem> problems);
        Assert.Empty(problems);
        return Assert.IsType<EventManifest>(manifest);
    }

    private static string SdkHeaders() =>
        typeof(Sources).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == "WindowsSdkHeaders").Value!;

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
