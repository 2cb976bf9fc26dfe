using System.Runtime.InteropServices;
using Tracing.Etl.Format;

namespace Tracing.Etl.Reading;

/// <summary>
/// Finds the sessions of a file: one, unless others were appended to it. Each begins with a header buffer, and has a clock and sequence numbers of its own.
/// </summary>
internal sealed class SessionReader(EtlFile file, EtlSource source, EtlLimits limits, EtlOddities oddities)
{
    private readonly MergeBudget _budget = new(limits);

    /// <summary>Reads them all; the first one's header decides whether the file can be read at all.</summary>
    /// <exception cref="EtlFormatException">It cannot.</exception>
    public List<Session> Read()
    {
        EtlHeader header = HeaderReader.Read(source, 0, limits, out BufferHeader first);
        List<BufferEntry> buffers = BufferWalk.Run(source, new BufferLayout(header, first, limits), limits, oddities, out bool isTruncated);
        if (buffers.Count == 0 || buffers[0].Offset != 0)
        {
            throw new EtlFormatException(
                source.Name, 0, "the header buffer cannot be read: its sizes do not fit the file. The file is cut or damaged at its beginning; copy or record it again.");
        }

        List<Session> sessions = [];
        int start = 0;
        int tried = 0;
        for (int i = 1; i < buffers.Count; i++)
        {
            // Each session is at least one stream, so that more headers than streams are not worth a look.
            if (buffers[i].IsHeader && tried++ < limits.MaximumStreams && TryReadAppended(buffers[i].Offset, out EtlHeader? appended, out BufferHeader next))
            {
                sessions.Add(Build(header, first, buffers, start, i));
                (header, first, start) = (appended!, next, i);
            }
        }

        sessions.Add(Build(header, first, buffers, start, buffers.Count));
        if (isTruncated)
        {
            sessions[^1].Index.Silence(buffers.Count - start - 1, EtlOddityKind.RecordOverrun);
        }

        return sessions;
    }

    private bool TryReadAppended(long offset, out EtlHeader? header, out BufferHeader first)
    {
        try
        {
            header = HeaderReader.Read(source, offset, limits, out first);
            oddities.Add(EtlOddityKind.AppendedSession, offset);
            return true;
        }
        catch (EtlFormatException)
        {
            header = null;
            first = default;
            oddities.Add(EtlOddityKind.SecondHeaderBuffer, offset);
            return false;
        }
    }

    private Session Build(EtlHeader header, in BufferHeader first, List<BufferEntry> buffers, int start, int end) =>
        new(file, source, header, BufferIndex.Build(CollectionsMarshal.AsSpan(buffers)[start..end], Decompressor.FormatOf(first.State), _budget, oddities));
}
