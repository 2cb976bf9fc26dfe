namespace Tracing.Etl.Format;

/// <summary>Decompresses the buffers of one file by the format it names. Reuses its tables; one per thread.</summary>
internal sealed class Decompressor(CompressionFormat format)
{
    private readonly XpressHuffman? _huffman = format == CompressionFormat.XpressHuffman ? new XpressHuffman() : null;

    /// <summary>The format that the state of a file's first buffer stands for.</summary>
    /// <remarks>
    /// Kernel-written compressed files may have the state of a flushed buffer there, which is the same number as XPRESS, and the states below it say nothing of a format
    /// but 2. Numbers from 5 on name formats that no trace is known to use.
    /// </remarks>
    public static CompressionFormat FormatOf(uint state) => (ushort)state switch
    {
        <= (ushort)CompressionFormat.Xpress and not (ushort)CompressionFormat.Lznt1 => CompressionFormat.Xpress,
        ushort number => (CompressionFormat)number,
    };

    /// <summary>Whether the format can be read at all.</summary>
    public bool IsSupported => format is >= CompressionFormat.Lznt1 and <= CompressionFormat.XpressHuffman;

    /// <summary>Fills <paramref name="output"/> from <paramref name="input"/>; false if that cannot be done.</summary>
    public bool TryDecompress(ReadOnlySpan<byte> input, Span<byte> output) => format switch
    {
        CompressionFormat.Xpress => Xpress.TryDecompress(input, output),
        CompressionFormat.Lznt1 => Lznt1.TryDecompress(input, output),
        CompressionFormat.XpressHuffman => _huffman!.TryDecompress(input, output),
        _ => false,
    };
}
