using Tracing.Etl.Format;

namespace Tracing.Etl.Reading;

/// <summary>
/// All buffers of a file and their order in each processor's stream. The header buffer is a stream of its own, the first. Immutable but for the marks that keep each
/// oddity from being counted twice, so that any number of passes may share it.
/// </summary>
internal sealed class BufferIndex
{
    private readonly EtlOddities _oddities;
    private readonly int[] _counted;

    private BufferIndex(BufferEntry[] entries, int[] order, BufferStream[] streams, CompressionFormat compression, EtlOddities oddities)
    {
        Compression = compression;
        Entries = entries;
        Order = order;
        Streams = streams;
        _oddities = oddities;
        _counted = new int[entries.Length];
    }

    /// <summary>Buffers in the order of the file.</summary>
    public BufferEntry[] Entries { get; }

    /// <summary>Positions in <see cref="Entries"/>, stream by stream, each by sequence.</summary>
    public int[] Order { get; }

    /// <summary>The header buffer's stream, then one per processor in ascending order.</summary>
    public BufferStream[] Streams { get; }

    /// <summary>How compressed buffers are compressed.</summary>
    public CompressionFormat Compression { get; }

    /// <summary>Orders the buffers of a session. The first entry is the header buffer.</summary>
    /// <param name="walked">The buffers in the order of the file.</param>
    /// <param name="compression">How compressed ones are compressed.</param>
    /// <param name="budget">How many streams, and how large all together.</param>
    /// <param name="oddities">Where buffers set aside, and gaps in sequence, are counted.</param>
    public static BufferIndex Build(ReadOnlySpan<BufferEntry> walked, CompressionFormat compression, MergeBudget budget, EtlOddities oddities)
    {
        BufferEntry[] entries = [.. walked];
        int[] order = [.. Enumerable.Range(0, entries.Length)];
        Array.Sort(order, 1, order.Length - 1, Comparer<int>.Create((left, right) => CompareInStream(entries, left, right)));
        bool hasRoom = budget.TryTakeStream() && budget.TryTakeBytes(entries[0].ContentLength);
        List<BufferStream> streams = [new BufferStream(0, hasRoom ? 1 : 0, entries[0].ContentLength)];
        if (!hasRoom)
        {
            oddities.Add(EtlOddityKind.LimitReached, entries[0].Offset, entries[0].StoredLength);
        }

        int kept = 1;
        int next = 1;
        while (next < order.Length)
        {
            int processor = entries[order[next]].Processor;
            int start = kept;
            int largest = 0;
            bool isAllowed = hasRoom && budget.TryTakeStream();
            for (; next < order.Length && entries[order[next]].Processor == processor; next++)
            {
                BufferEntry entry = entries[order[next]];
                int growth = Math.Max(0, entry.ContentLength - largest);
                if (!isAllowed || !budget.TryTakeBytes(growth))
                {
                    oddities.Add(EtlOddityKind.LimitReached, entry.Offset, entry.StoredLength);
                    continue;
                }

                largest += growth;
                order[kept++] = order[next];
            }

            if (kept > start)
            {
                streams.Add(new BufferStream(start, kept, largest));
            }
            else if (isAllowed)
            {
                budget.ReturnStream();
            }
        }

        CheckSequence(entries, oddities);
        return new BufferIndex(entries, order[..kept], [.. streams], compression, oddities);
    }

    /// <summary>Counts an oddity found inside of a buffer, unless this kind has been counted for it already.</summary>
    public void Count(int entry, EtlOddityKind kind, long offset, long bytes)
    {
        int mark = 1 << (int)kind;
        if ((Interlocked.Or(ref _counted[entry], mark) & mark) == 0)
        {
            _oddities.Add(kind, offset, bytes);
        }
    }

    /// <summary>Keeps a kind from being counted for a buffer: of one that the file's end cuts, the cut record is no news.</summary>
    public void Silence(int entry, EtlOddityKind kind) => _counted[entry] |= 1 << (int)kind;

    private static int CompareInStream(BufferEntry[] entries, int left, int right)
    {
        ref readonly BufferEntry a = ref entries[left];
        ref readonly BufferEntry b = ref entries[right];
        int byProcessor = a.Processor.CompareTo(b.Processor);
        int bySequence = byProcessor != 0 ? byProcessor : a.Sequence.CompareTo(b.Sequence);
        return bySequence != 0 ? bySequence : left.CompareTo(right);
    }

    // Sequence numbers count the buffers of the whole session, over all processors. Where they begin is no sign of loss: a new-file session goes on counting.
    private static void CheckSequence(BufferEntry[] entries, EtlOddities oddities)
    {
        int[] bySequence = [.. Enumerable.Range(0, entries.Length)];
        Array.Sort(bySequence, 1, bySequence.Length - 1, Comparer<int>.Create((left, right) =>
            entries[left].Sequence.CompareTo(entries[right].Sequence) is not 0 and int difference ? difference : left.CompareTo(right)));
        for (int i = 2; i < bySequence.Length; i++)
        {
            BufferEntry entry = entries[bySequence[i]];
            ulong step = (ulong)entry.Sequence - (ulong)entries[bySequence[i - 1]].Sequence;
            if (step != 1)
            {
                oddities.Add(step == 0 ? EtlOddityKind.DuplicateSequence : EtlOddityKind.SequenceGap, entry.Offset);
            }
        }
    }
}
