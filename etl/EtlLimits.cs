namespace Tracing.Etl;

/// <summary>
/// How much a file may make the reader do. A file says of itself how large its buffers are and how many processors wrote it; these bounds keep a
/// damaged or hostile one from turning that into memory. Immutable and safe to share.
/// </summary>
public sealed record EtlLimits
{
    /// <summary>The limits used when none are given.</summary>
    public static EtlLimits Default { get; } = new();

    /// <summary>
    /// Largest buffer, in bytes, as stored and as decompressed. Windows allows sessions up to 16 MiB per buffer (EVENT_TRACE_PROPERTIES documentation); a larger
    /// number in a file is damage far more often than a real session.
    /// </summary>
    public int MaximumBufferSize
    {
        get;
        init => field = Within(value, Format.BufferHeader.Length, 1 << 30, nameof(MaximumBufferSize));
    } = 16 << 20;

    /// <summary>
    /// Most buffers indexed. The index costs about 40 bytes per buffer, so that the default bounds it by roughly 640 MiB, for a file of 1 TiB with 64 KiB buffers.
    /// Buffers beyond are counted as <see cref="EtlOddityKind.LimitReached"/>.
    /// </summary>
    public int MaximumBuffers
    {
        get;
        init => field = Within(value, 1, 1 << 28, nameof(MaximumBuffers));
    } = 1 << 24;

    /// <summary>
    /// Most processors, each of which is one stream of the merge. Windows Server runs on at most 2,048 logical processors; noise in a buffer header can name 65,536.
    /// Buffers of further processors are counted as <see cref="EtlOddityKind.LimitReached"/>.
    /// </summary>
    public int MaximumStreams
    {
        get;
        init => field = Within(value, 1, 1 << 16, nameof(MaximumStreams));
    } = 4096;

    /// <summary>
    /// Most bytes that reading in time order may hold: the largest buffer of each stream, summed. The default serves 2,048 processors with 1 MiB buffers. Without it a
    /// few kilobytes of compressed buffers could ask for 64 GiB. Buffers beyond are counted as <see cref="EtlOddityKind.LimitReached"/>.
    /// </summary>
    public long MaximumMergeBytes
    {
        get;
        init => field = Within(value, Format.BufferHeader.Length, 1L << 40, nameof(MaximumMergeBytes));
    } = 2L << 30;

    /// <summary>
    /// Most distinct events that a census tells apart. Real traces have hundreds to thousands; a file in which each record claims a provider of its own would otherwise
    /// turn into a table as large as itself. Records beyond are counted in <see cref="EtlCensus.UnnamedRecords"/>.
    /// </summary>
    public int MaximumDistinctEvents
    {
        get;
        init => field = Within(value, 1, 1 << 26, nameof(MaximumDistinctEvents));
    } = 1 << 20;

    private static int Within(int value, int minimum, int maximum, string name) => (int)Within((long)value, minimum, maximum, name);

    private static long Within(long value, long minimum, long maximum, string name) =>
        value >= minimum && value <= maximum
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"{name} must lie between {minimum} and {maximum}.");
}
