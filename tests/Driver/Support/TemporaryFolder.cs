namespace Tracing.Driver.Tests.Support;

/// <summary>A folder that goes away with the test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kmutex-host-");

    internal string this[string name] => Path.Combine(_folder.FullName, name);

    internal IEnumerable<string> Files => _folder.EnumerateFiles().Select(file => file.Name);

    /// <summary>Writes a file and gives its path.</summary>
    internal string Write(string name, byte[] content)
    {
        File.WriteAllBytes(this[name], content);
        return this[name];
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
