namespace Tracing.Etl;

/// <summary>The file cannot be read as an event trace log at all. Damage inside a readable file is counted in <see cref="EtlFile.Oddities"/> instead.</summary>
public sealed class EtlFormatException : Exception
{
    /// <summary>Makes the exception. <paramref name="problem"/> says what was expected, what was found and what to do next.</summary>
    /// <param name="filePath">The file, as it was given.</param>
    /// <param name="offset">Where in the file, in bytes.</param>
    /// <param name="problem">The sentence after the place.</param>
    /// <param name="innerException">What led to it, if anything.</param>
    public EtlFormatException(string filePath, long offset, string problem, Exception? innerException = null)
        : base($"{filePath}, offset 0x{offset:X}: {problem}", innerException)
    {
        FilePath = filePath;
        Offset = offset;
    }

    /// <summary>The file, as it was given.</summary>
    public string FilePath { get; }

    /// <summary>Where in the file, in bytes from its start.</summary>
    public long Offset { get; }
}
