namespace Tracing.Fuzz.Mutation;

/// <summary>A number in an input that means something to its reader.</summary>
/// <param name="Offset">Where it stands.</param>
/// <param name="Width">Its bytes: 1, 2, 4 or 8.</param>
internal readonly record struct Field(int Offset, int Width);
