namespace Tracing.Etl.TraceEvent;

/// <summary>
/// The events of a feed, laid out in blocks of one size. The next block is laid out on another thread while the one before is in use, since reading a trace takes about
/// as long as what TraceEvent does with it. Used by one thread at a time.
/// </summary>
internal sealed class BlockQueue(EventFeed feed)
{
    /// <summary>Bytes of a block, which must hold any one record and its description.</summary>
    public const int BlockLength = 1 << 20;

    private readonly byte[] _ahead = GC.AllocateUninitializedArray<byte>(BlockLength);
    private Task? _filling;

    /// <summary>The file the events are of.</summary>
    public EtlFile File => feed.File;

    /// <summary>Begins again with the first event.</summary>
    public void Restart()
    {
        // What an unfinished pass was about to deliver, an error included, concerns nobody any more.
        ((IAsyncResult?)_filling)?.AsyncWaitHandle.WaitOne();
        feed.Restart();
        FillAhead();
    }

    /// <summary>Copies the next block to <paramref name="block"/>.</summary>
    /// <returns>Whether events are left for a further one.</returns>
    public bool Take(Span<byte> block)
    {
        _filling!.GetAwaiter().GetResult();
        _ahead.CopyTo(block);
        if (!feed.HasCurrent)
        {
            return false;
        }

        FillAhead();
        return true;
    }

    private void FillAhead() => _filling = Task.Run(Fill);

    private void Fill()
    {
        Span<byte> block = _ahead;
        int used = 0;
        int last = 0;
        for (; feed.HasCurrent; feed.MoveNext())
        {
            EtlRecord record = feed.Current;
            ReadOnlySpan<byte> description = feed.Description;
            int at = used + description.Length;
            if (at > block.Length || !EventRecordLayout.TryWrite(record, feed.CurrentId, block[at..], out int written))
            {
                break;
            }

            description.CopyTo(block[used..]);
            last = at;
            used = at + written;
        }

        if (used == 0)
        {
            // A damaged file may hold no whole record. That of the header was read when it was opened, and each block must have one.
            used = SessionHeaderRecord.Write(feed.File, block);
        }

        EventRecordLayout.PadToEnd(block[last..], used - last);
    }
}
