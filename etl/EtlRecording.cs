using Tracing.Etl.Reading;

namespace Tracing.Etl;

/// <summary>
/// Several files of one recording, read as one: the kernel's session beside a user one, or the files that a session began one after the other. Made for files of one
/// machine; nothing else is assumed of them.
/// </summary>
/// <remarks>
/// <para>
/// Times are ticks of <see cref="Clock"/>, that of the session that began first. Where another file's session ran in the same boot on the same counter, its ticks are the
/// same numbers. Else they are converted by the absolute times of both starts, and are then no better than the machine's clock was set.
/// </para>
/// <para>
/// Of equal times, the file given first comes first, and within a file the lower processor. <see cref="EtlLimits"/> hold for each file. Safe to use from any thread until
/// <see cref="Dispose"/>.
/// </para>
/// </remarks>
public sealed class EtlRecording : IDisposable
{
    private readonly EtlFile[] _files;
    private readonly int _maximumEvents;

    private EtlRecording(EtlFile[] files, int maximumEvents)
    {
        _files = files;
        _maximumEvents = maximumEvents;
        Header = files.MinBy(file => file.Header.StartTime)!.Header;
        Clock = HeaderReader.ClockOf(Header);
    }

    /// <summary>The files, in the order given.</summary>
    public IReadOnlyList<EtlFile> Files => _files;

    /// <summary>The header of the session that began first.</summary>
    public EtlHeader Header { get; }

    /// <summary>Turns the ticks of all records into time.</summary>
    public EtlClock Clock { get; }

    /// <summary>Opens the files of a recording.</summary>
    /// <param name="paths">Their paths, one at least.</param>
    /// <param name="limits">What each may ask for; <see cref="EtlLimits.Default"/> if null.</param>
    /// <exception cref="EtlFormatException">One of them is no event trace log.</exception>
    /// <exception cref="IOException">The operating system does not give one of them.</exception>
    public static EtlRecording Open(IReadOnlyList<string> paths, EtlLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        List<EtlFile> files = [];
        try
        {
            foreach (string path in paths)
            {
                files.Add(EtlFile.Open(path, limits));
            }

            return Of(files, limits);
        }
        catch
        {
            files.ForEach(file => file.Dispose());
            throw;
        }
    }

    /// <summary>Takes files that are open. They are closed with the recording.</summary>
    /// <param name="files">The files, one at least.</param>
    /// <param name="limits">How many events a census tells apart; <see cref="EtlLimits.Default"/> if null.</param>
    public static EtlRecording Of(IReadOnlyList<EtlFile> files, EtlLimits? limits = null)
    {
        ArgumentNullException.ThrowIfNull(files);
        return files.Count > 0
            ? new EtlRecording([.. files], (limits ?? EtlLimits.Default).MaximumDistinctEvents)
            : throw new ArgumentException("A recording has one file at least.", nameof(files));
    }

    /// <summary>Begins a pass over all records of all files in the order of time.</summary>
    public EtlTimeline ReadInTimeOrder() => ReadInTimeOrder(filter: null);

    /// <summary>Begins a pass over the records of all files in the order of time.</summary>
    /// <param name="filter">Which records; all if null. Its times are on <see cref="Clock"/>.</param>
    /// <param name="progress">Told how far the pass has come, over all files, on the thread that moves it.</param>
    /// <param name="cancellation">Ends the pass by an <see cref="OperationCanceledException"/> at the next buffer.</param>
    public EtlTimeline ReadInTimeOrder(EtlFilter? filter, IProgress<EtlProgress>? progress = null, CancellationToken cancellation = default) =>
        new(Views(), RecordFilter.Of(filter), new PassMonitor(progress, cancellation));

    /// <summary>Counts all records of all files by provider and event, on all processors of this machine.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="IOException">A file could not be read on.</exception>
    public EtlCensus TakeCensus(CancellationToken cancellation = default) => TakeCensus(filter: null, progress: null, cancellation);

    /// <summary>Counts records by provider and event over all files, on all processors of this machine.</summary>
    /// <param name="filter">Which records; all if null. Its times are on <see cref="Clock"/>.</param>
    /// <param name="progress">Told how far the census has come, over all files, on any thread.</param>
    /// <param name="cancellation">Ends the census.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="IOException">A file could not be read on.</exception>
    public EtlCensus TakeCensus(EtlFilter? filter, IProgress<EtlProgress>? progress = null, CancellationToken cancellation = default) =>
        new CensusTaker(RecordFilter.Of(filter), new PassMonitor(progress, cancellation), cancellation).Run(Views(), _maximumEvents, Header.StartTicks);

    /// <summary>Closes the files.</summary>
    public void Dispose()
    {
        foreach (EtlFile file in _files)
        {
            file.Dispose();
        }
    }

    private SessionView[] Views() => [.. _files.SelectMany(file => file.ViewsOn(Header))];
}
