using System.Runtime.ExceptionServices;

namespace Tracing.Etl.TraceEvent;

/// <summary>
/// The events of a feed, laid out in blocks of one size. Another thread lays them out, some blocks ahead of the one in use, since reading a trace takes about as long
/// as what TraceEvent does with it. It ends whenever it is so far ahead, and is begun anew when a block is taken: a pass that nobody goes on with holds no thread.
/// Used by one thread at a time.
/// </summary>
internal sealed class BlockQueue(EventFeed feed)
{
    /// <summary>Bytes of a block. It must hold any one record: 64 KiB, of which extended items of 8 bytes become 16.</summary>
    public const int BlockLength = 1 << 18;

    private const int BlocksAhead = 16;

    /// <summary>Blocks to be ready before one who waits is woken: waking takes as long as a good part of a block.</summary>
    private const int BlocksToWakeFor = BlocksAhead / 2;

    private readonly byte[][] _blocks = [.. Enumerable.Range(0, BlocksAhead).Select(_ => GC.AllocateUninitializedArray<byte>(BlockLength))];
    private readonly object _gate = new();
    private long _filled;
    private long _taken;
    private bool _isFilling;
    private bool _hasMore;
    private ExceptionDispatchInfo? _failure;

    /// <summary>The file the events are of.</summary>
    public EtlFile File => feed.File;

    /// <summary>Begins again with the first event.</summary>
    public void Restart()
    {
        lock (_gate)
        {
            while (_isFilling)
            {
                Monitor.Wait(_gate);
            }

            // What an unfinished pass was about to deliver, a failure included, concerns nobody any more.
            _failure = null;
            _filled = 0;
            _taken = 0;
            feed.Restart();
            BeginFilling();
        }
    }

    /// <summary>Copies the next block to <paramref name="block"/>.</summary>
    /// <returns>Whether there is a further one.</returns>
    public bool Take(Span<byte> block)
    {
        lock (_gate)
        {
            while (_filled == _taken && _isFilling)
            {
                Monitor.Wait(_gate);
            }

            if (_filled == _taken)
            {
                _failure?.Throw();
            }
        }

        _blocks[_taken % BlocksAhead].CopyTo(block);
        lock (_gate)
        {
            _taken++;
            if (_hasMore && !_isFilling && _failure is null)
            {
                BeginFilling();
            }

            return _hasMore || _filled > _taken;
        }
    }

    private void BeginFilling()
    {
        _isFilling = true;
        _hasMore = true;
        _ = Task.Run(FillAhead);
    }

    private void FillAhead()
    {
        try
        {
            bool isAhead = false;
            while (!isAhead)
            {
                Fill(_blocks[_filled % BlocksAhead]);
                lock (_gate)
                {
                    _filled++;
                    _hasMore = feed.HasMore;
                    isAhead = !_hasMore || _filled - _taken == BlocksAhead;
                    _isFilling = !isAhead;
                    if (isAhead || _filled - _taken >= BlocksToWakeFor)
                    {
                        Monitor.Pulse(_gate);
                    }
                }
            }
        }
        catch (Exception e)
        {
            lock (_gate)
            {
                _failure = ExceptionDispatchInfo.Capture(e);
                _isFilling = false;
                Monitor.Pulse(_gate);
            }
        }
    }

    private void Fill(Span<byte> block)
    {
        int used = feed.Fill(block, out int last);
        if (used == 0)
        {
            // A damaged file may hold no whole record. That of the header was read when it was opened, and each block must have one.
            used = SessionHeaderRecord.Write(feed.File, block);
        }

        EventRecordLayout.PadToEnd(block[last..], used - last);
    }
}
