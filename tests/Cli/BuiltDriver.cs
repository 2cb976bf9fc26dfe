namespace Tracing.Cli.Tests;

/// <summary>The driver that the build has made.</summary>
internal static class BuiltDriver
{
    public static string Path { get; } = Find();

    private static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "Tracing.sln")))
            {
                return System.IO.Path.Combine(folder.FullName, "artifacts", "driver", "kmutex.sys");
            }
        }

        throw new InvalidOperationException($"No Tracing.sln above {AppContext.BaseDirectory}: the tests run from a build inside the checkout.");
    }
}
