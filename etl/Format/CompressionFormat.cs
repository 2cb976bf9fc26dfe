namespace Tracing.Etl.Format;

/// <summary>COMPRESSION_FORMAT_*, as the state of the first buffer names it (docs: ETL format notes, section 1.1). Source: MS-FSCC, and MS-XCA for the formats.</summary>
internal enum CompressionFormat : ushort
{
    Lznt1 = 2,
    Xpress = 3,
    XpressHuffman = 4,
}
