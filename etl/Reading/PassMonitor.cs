namespace Tracing.Etl.Reading;

/// <summary>Tells how far a pass has come, and ends it when it is cancelled. Asked once per buffer; safe to use from any thread.</summary>
internal sealed class PassMonitor(IProgress<EtlProgress>? progress, CancellationToken cancellation)
{
    private const int Reports = 200;
    private readonly Lock _lock = new();
    private long _read;
    private long _total;

    /// <summary>Says what the pass is going to read.</summary>
    public void Expect(long bytes) => _total += bytes;

    /// <summary>Counts a buffer.</summary>
    /// <exception cref="OperationCanceledException">The pass was cancelled.</exception>
    public void Advance(long bytes)
    {
        cancellation.ThrowIfCancellationRequested();
        if (progress is null)
        {
            return;
        }

        lock (_lock)
        {
            long step = Math.Max(1, _total / Reports);
            long before = _read;
            _read += bytes;
            if (before / step != _read / step || _read == _total)
            {
                progress.Report(new EtlProgress(_read, _total));
            }
        }
    }
}
