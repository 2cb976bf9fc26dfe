namespace Tracing.Driver.Tests.Support;

/// <summary>The kmutex.sys of this checkout.</summary>
internal static class RealDriver
{
    /// <summary>Its path; a test that needs it is skipped, with the reason, where it has not been built.</summary>
    internal static string Path
    {
        get
        {
            string path = System.IO.Path.Combine(RepositoryRoot(), "artifacts", "driver", "kmutex.sys");
            Assert.SkipUnless(File.Exists(path), $"The driver has not been built: {path} is missing. Build it with: ./build.sh driver");
            return path;
        }
    }

    private static string RepositoryRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(System.IO.Path.Combine(folder.FullName, "Tracing.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} holds Tracing.sln.");
    }
}
