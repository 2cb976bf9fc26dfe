namespace Tracing.Etl.Format;

/// <summary>What all three formats of MS-XCA have in common: a match repeats bytes that were put out before.</summary>
internal static class LzMatch
{
    /// <summary>Repeats what stands <paramref name="distance"/> bytes before the end of the output.</summary>
    /// <param name="output">The output; <paramref name="written"/> bytes of it are there.</param>
    /// <param name="written">Where the copy goes; at least <paramref name="distance"/>.</param>
    /// <param name="distance">From 1.</param>
    /// <param name="length">What is left of the output at most.</param>
    public static void Copy(Span<byte> output, int written, int distance, int length)
    {
        Span<byte> source = output.Slice(written - distance, Math.Min(distance, length));
        Span<byte> target = output.Slice(written, length);
        if (distance == 1)
        {
            target.Fill(source[0]);
            return;
        }

        // A match longer than its distance repeats what it has itself just written.
        while (target.Length > distance)
        {
            source.CopyTo(target);
            target = target[distance..];
        }

        source[..target.Length].CopyTo(target);
    }
}
