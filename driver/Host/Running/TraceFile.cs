namespace Tracing.Host;

/// <summary>A file that appears under its name only when it is complete. Until then it lies beside, with the suffix ".partial".</summary>
internal sealed class TraceFile : IDisposable
{
    private readonly string _path;
    private readonly string _partial;
    private bool _kept;

    /// <summary>Begins the file.</summary>
    /// <exception cref="IOException">It cannot be written there.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written there.</exception>
    internal TraceFile(string path)
    {
        _path = path;
        _partial = path + ".partial";
        if (Directory.Exists(path))
        {
            throw new IOException($"The trace cannot be written to {path}, which is a directory. Name a file in it.");
        }

        try
        {
            Stream = new FileStream(_partial, FileMode.Create, FileAccess.ReadWrite, FileShare.None, 1 << 16);
        }
        catch (DirectoryNotFoundException error)
        {
            throw new DirectoryNotFoundException($"The trace cannot be written to {path}: its directory does not exist. Create it first.", error);
        }
        catch (UnauthorizedAccessException error)
        {
            throw new UnauthorizedAccessException($"The trace cannot be written to {path}: access is denied. Choose another place.", error);
        }
    }

    internal FileStream Stream { get; }

    /// <summary>The file is complete: gives it its name, in place of an older one.</summary>
    internal void Keep()
    {
        Stream.Dispose();
        File.Move(_partial, _path, overwrite: true);
        _kept = true;
    }

    /// <summary>Removes the file unless it was kept.</summary>
    public void Dispose()
    {
        Stream.Dispose();
        if (!_kept)
        {
            File.Delete(_partial);
        }
    }
}
