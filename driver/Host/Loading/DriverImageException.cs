namespace Tracing.Host;

/// <summary>The driver file is no image that this host can load. The message says where, what was expected and what was found.</summary>
public sealed class DriverImageException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="path">The file, as it was given.</param>
    /// <param name="where">The place in it: "offset 0x…" in the file or "RVA 0x…" in the image.</param>
    /// <param name="problem">What was expected, what was found, what to do next.</param>
    public DriverImageException(string path, string where, string problem)
        : base($"{path}, {where}: {problem}")
    {
        FilePath = path;
    }

    /// <summary>The file, as it was given.</summary>
    public string FilePath { get; }
}
