using Tracing.Manifest.Model;

namespace Tracing.Manifest.Reading;

/// <summary>Something wrong with a manifest.</summary>
/// <param name="Position">Where.</param>
/// <param name="Message">What is wrong, what was expected, in one sentence.</param>
public sealed record ManifestProblem(SourcePosition Position, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => $"line {Position.Line}, column {Position.Column}: {Message}";
}
