namespace Tracing.Driver.Tests.Binary;

/// <summary>Where the build has put the driver. The tests look at what is shipped: they do not build it.</summary>
internal static class BuiltDriver
{
    private static readonly Lazy<string> Root = new(FindRoot);
    private static readonly Lazy<DriverImage> LoadedImage = new(() => new DriverImage(Read("artifacts/driver/kmutex.sys")));

    /// <summary>The folder of the repository, with / for separators and without one at its end.</summary>
    internal static string RepositoryRoot => Root.Value;

    /// <summary>kmutex.sys.</summary>
    internal static DriverImage Image => LoadedImage.Value;

    /// <summary>kmutex.dll: the IL that kmutex.sys was compiled from.</summary>
    internal static byte[] IntermediateCode => Read("artifacts/driver/il/kmutex.dll");

    /// <summary>A file of the repository.</summary>
    internal static byte[] Read(string path)
    {
        string full = Path.Combine(RepositoryRoot, path);
        Assert.True(File.Exists(full), $"{full} is missing. Build the driver first: dotnet build driver/KMutex.Driver.csproj -c Release");
        return File.ReadAllBytes(full);
    }

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "driver", "KMutex.Driver.csproj")))
        {
            folder = folder.Parent;
        }

        Assert.True(folder is not null, $"No folder above {AppContext.BaseDirectory} holds driver/KMutex.Driver.csproj: run the tests inside the repository.");
        return folder.FullName.Replace('\\', '/');
    }
}
