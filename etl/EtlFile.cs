using Tracing.Etl.Reading;

namespace Tracing.Etl;

/// <summary>
/// An event trace log, opened for reading. Opening reads the header and finds every buffer; records are read by <see cref="ReadInTimeOrder()"/> and
/// <see cref="TakeCensus(CancellationToken)"/>, as often as wanted.
/// </summary>
/// <remarks>
/// <para>
/// A file that is no event trace log throws <see cref="EtlFormatException"/>; one that the operating system does not give, an <see cref="IOException"/> or
/// <see cref="UnauthorizedAccessException"/>. Damage inside a file never throws: it is counted in <see cref="Oddities"/>, and everything whole is still read.
/// </para>
/// <para>
/// Memory: about 40 bytes per buffer for the index, whatever the records are; see <see cref="EtlLimits"/>. All members are safe to use from any thread until
/// <see cref="Dispose"/>.
/// </para>
/// </remarks>
public sealed class EtlFile : IDisposable
{
    private readonly EtlSource _source;
    private readonly EtlLimits _limits;

    private EtlFile(EtlSource source, EtlLimits limits)
    {
        _source = source;
        _limits = limits;
        SessionParts = new SessionReader(this, source, limits, Oddities).Read();
        Clock = HeaderReader.ClockOf(Header);
    }

    /// <summary>The file's path, or the name given for its content.</summary>
    public string Path => _source.Name;

    /// <summary>Bytes in the file.</summary>
    public long Length => _source.Length;

    /// <summary>What the file says of its session.</summary>
    public EtlHeader Header => SessionParts[0].Header;

    /// <summary>
    /// The headers of all sessions in the file: <see cref="Header"/>, and those of sessions that were appended to it. Times of records are on <see cref="Clock"/> whatever
    /// session they are of.
    /// </summary>
    public IReadOnlyList<EtlHeader> Sessions => [.. SessionParts.Select(session => session.Header)];

    /// <summary>Turns raw ticks into time.</summary>
    public EtlClock Clock { get; }

    /// <summary>Buffers found, header buffers included.</summary>
    public int BufferCount => SessionParts.Sum(session => session.Index.Entries.Length);

    /// <summary>What is damaged or worth knowing: of the buffers from the start, of the records once they have been read.</summary>
    public EtlOddities Oddities { get; } = new();

    /// <summary>Opens a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="limits">What it may ask for; <see cref="EtlLimits.Default"/> if null.</param>
    /// <exception cref="EtlFormatException">It is no event trace log, or a directory.</exception>
    /// <exception cref="IOException">The operating system does not give it, for instance because it does not exist.</exception>
    public static EtlFile Open(string path, EtlLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        EtlSource source = EtlSource.FromFile(path);
        try
        {
            return new EtlFile(source, limits ?? EtlLimits.Default);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    /// <summary>Opens a file that is in memory.</summary>
    /// <param name="content">Its bytes, which must not change while it is in use.</param>
    /// <param name="name">What to call it in messages.</param>
    /// <param name="limits">What it may ask for; <see cref="EtlLimits.Default"/> if null.</param>
    /// <exception cref="EtlFormatException">It is no event trace log.</exception>
    public static EtlFile Open(ReadOnlyMemory<byte> content, string name, EtlLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        return new EtlFile(EtlSource.FromMemory(content, name), limits ?? EtlLimits.Default);
    }

    internal IReadOnlyList<Session> SessionParts { get; }

    /// <summary>Begins a pass over all records in the order of time.</summary>
    public EtlTimeline ReadInTimeOrder() => ReadInTimeOrder(filter: null);

    /// <summary>Begins a pass over the records in the order of time.</summary>
    /// <param name="filter">Which records; all if null.</param>
    /// <param name="progress">Told how far the pass has come, on the thread that moves it.</param>
    /// <param name="cancellation">Ends the pass by an <see cref="OperationCanceledException"/> at the next buffer.</param>
    public EtlTimeline ReadInTimeOrder(EtlFilter? filter, IProgress<EtlProgress>? progress = null, CancellationToken cancellation = default) =>
        new(ViewsOn(Header), RecordFilter.Of(filter), new PassMonitor(progress, cancellation));

    /// <summary>Counts all records by provider and event, on all processors of this machine.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="IOException">The file could not be read on.</exception>
    public EtlCensus TakeCensus(CancellationToken cancellation = default) => TakeCensus(filter: null, progress: null, cancellation);

    /// <summary>Counts records by provider and event, on all processors of this machine.</summary>
    /// <param name="filter">Which records; all if null.</param>
    /// <param name="progress">Told how far the census has come, on any thread.</param>
    /// <param name="cancellation">Ends the census.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="IOException">The file could not be read on.</exception>
    public EtlCensus TakeCensus(EtlFilter? filter, IProgress<EtlProgress>? progress = null, CancellationToken cancellation = default) =>
        new CensusTaker(RecordFilter.Of(filter), new PassMonitor(progress, cancellation), cancellation)
            .Run(ViewsOn(Header), _limits.MaximumDistinctEvents, Header.StartTicks);

    internal SessionView[] ViewsOn(EtlHeader target) => [.. SessionParts.Select(session => SessionView.On(target, session))];

    /// <summary>Closes the file. What was read from it stays valid, records aside.</summary>
    public void Dispose() => _source.Dispose();
}
