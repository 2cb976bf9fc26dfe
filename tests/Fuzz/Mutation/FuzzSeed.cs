namespace Tracing.Fuzz.Mutation;

/// <summary>A good input, and where in it the numbers stand that its reader goes by.</summary>
/// <param name="Bytes">The input.</param>
/// <param name="Fields">Its numbers.</param>
internal sealed record FuzzSeed(byte[] Bytes, Field[] Fields)
{
    /// <summary>A trace, with the numbers of its buffers and records.</summary>
    public static FuzzSeed OfTrace(byte[] trace) => new(trace, [.. TraceFields.Of(trace)]);

    /// <summary>Text, of which no byte is a number.</summary>
    public static FuzzSeed OfText(string text) => new(System.Text.Encoding.UTF8.GetBytes(text), []);
}
