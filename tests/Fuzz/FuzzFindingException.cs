namespace Tracing.Fuzz;

/// <summary>A reader broke a promise without throwing: two ways to read disagree, it took too long, or too much memory.</summary>
internal sealed class FuzzFindingException(string message) : Exception(message);
