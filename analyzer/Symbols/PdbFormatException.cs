namespace Tracing.Symbols;

/// <summary>A file is no program database that can be read here. The message says where and what was expected.</summary>
public sealed class PdbFormatException : Exception
{
    /// <summary>Makes one.</summary>
    public PdbFormatException(string message)
        : base(message)
    {
    }
}
