namespace Tracing.Host.Thunks;

/// <summary>A place in code that jumps can name before it is known.</summary>
internal sealed class CodeLabel
{
    /// <summary>Offset in the code, or -1 while it is not placed.</summary>
    internal int Offset { get; set; } = -1;

    /// <summary>Offsets of the 32-bit displacements waiting for the place.</summary>
    internal List<int> Awaiting { get; } = [];
}
