using Tracing.Etl.Format;

namespace Tracing.Etl.Reading;

/// <summary>
/// Finds the buffers of a file by their headers, from front to back, once, when the file is opened. Damage costs the buffers it hits and no more: where no header
/// stands, the walk goes on at the next one, which in a file of equal buffers is a multiple of their size away, and in a packed one is searched for.
/// </summary>
internal sealed class BufferWalk
{
    private readonly EtlSource _source;
    private readonly BufferLayout _layout;
    private readonly EtlLimits _limits;
    private readonly EtlOddities _oddities;
    private readonly List<BufferEntry> _entries = [];
    private readonly byte[] _headerBytes = new byte[BufferHeader.Length];
    private long _badStart = -1;
    private bool _badIsBlank;

    private BufferWalk(EtlSource source, BufferLayout layout, EtlLimits limits, EtlOddities oddities)
    {
        _source = source;
        _layout = layout;
        _limits = limits;
        _oddities = oddities;
    }

    /// <summary>Walks the file.</summary>
    /// <param name="source">The file.</param>
    /// <param name="layout">How its buffers lie.</param>
    /// <param name="limits">How many buffers at most.</param>
    /// <param name="oddities">Where damage is counted.</param>
    /// <param name="isTruncated">Whether the last buffer found is not whole.</param>
    public static List<BufferEntry> Run(EtlSource source, BufferLayout layout, EtlLimits limits, EtlOddities oddities, out bool isTruncated)
    {
        BufferWalk walk = new(source, layout, limits, oddities);
        isTruncated = walk.Run();
        return walk._entries;
    }

    private bool Run()
    {
        long at = 0;
        long length = _source.Length;
        while (length - at >= BufferHeader.Length)
        {
            if (_entries.Count == _limits.MaximumBuffers)
            {
                EndBadRun(at);
                _oddities.Add(EtlOddityKind.LimitReached, at, length - at);
                return false;
            }

            bool isHeader = TryReadHeader(at, out BufferHeader header) && _layout.IsPlausible(header)
                && (_layout.HasExpectedSize(header) || IsFollowed(at, header));
            if (isHeader && header.BufferSize <= length - at)
            {
                EndBadRun(at);
                Add(at, header, (int)header.BufferSize);
                at += header.BufferSize;
            }
            else if (!isHeader && !_layout.IsPacked)
            {
                BeginBadRun(at);
                at += Math.Min(_layout.SessionSize, length - at);
            }
            else if (_layout.IsPacked && TrySearch(at, isHeader, out long next))
            {
                at = next;
            }
            else if (isHeader)
            {
                EndBadRun(at);
                return AddTruncated(at, header, length - at);
            }
            else
            {
                BeginBadRun(at);
                at = length;
            }
        }

        if (_badStart < 0 && at < length)
        {
            _oddities.Add(EtlOddityKind.TruncatedBuffer, at, length - at);
        }

        EndBadRun(length, toTheEnd: true);
        return false;
    }

    private void Add(long at, in BufferHeader header, int available)
    {
        _entries.Add(BufferEntry.Of(at, header, available));
        if ((header.Flags & EtlBufferFlags.EventsLost) != 0)
        {
            _oddities.Add(EtlOddityKind.EventsLostMark, at);
        }

        if ((header.Flags & EtlBufferFlags.BuffersLost) != 0)
        {
            _oddities.Add(EtlOddityKind.BuffersLostMark, at);
        }
    }

    private bool AddTruncated(long at, in BufferHeader header, long available)
    {
        bool compressed = (header.Flags & EtlBufferFlags.Compressed) != 0;
        long lost = compressed ? available : Math.Max(0, header.SavedOffset - available);
        _oddities.Add(EtlOddityKind.TruncatedBuffer, at, lost);
        if (compressed)
        {
            return false;
        }

        Add(at, header, (int)available);
        return true;
    }

    // In a packed file, where no header stands or one that reaches beyond the file: it is this buffer's size that is wrong, or that of the buffer before it. Searching
    // from within the one before finds its true end.
    private bool TrySearch(long at, bool isHeader, out long next)
    {
        BufferEntry? previous = !isHeader && _entries.Count > 1 ? _entries[^1] : null;
        next = BufferSearch.Find(_source, _layout, (previous?.Offset ?? at) + (isHeader || previous is not null ? BufferHeader.Length : 1));
        if (next < 0)
        {
            return false;
        }

        if (previous is { } liar && next < at)
        {
            _entries.RemoveAt(_entries.Count - 1);
            at = liar.Offset;
        }

        BeginBadRun(at);
        EndBadRun(next);
        return true;
    }

    private void BeginBadRun(long at)
    {
        if (_badStart < 0)
        {
            _badStart = at;
            _badIsBlank = true;
        }

        _badIsBlank &= !_headerBytes.AsSpan().ContainsAnyExcept(_headerBytes[0]) && _headerBytes[0] is 0 or 0xFF;
    }

    private void EndBadRun(long at, bool toTheEnd = false)
    {
        if (_badStart >= 0)
        {
            _oddities.Add(toTheEnd && _badIsBlank ? EtlOddityKind.UnusedTail : EtlOddityKind.BadBufferHeader, _badStart, at - _badStart);
            _badStart = -1;
        }
    }

    private bool IsFollowed(long at, in BufferHeader header)
    {
        long next = at + header.BufferSize;
        return next == _source.Length || (TryReadHeader(next, out BufferHeader follower) && _layout.IsPlausible(follower));
    }

    private bool TryReadHeader(long at, out BufferHeader header)
    {
        bool whole = _source.Read(at, _headerBytes) == BufferHeader.Length;
        header = BufferHeader.Read(_headerBytes);
        return whole;
    }
}
