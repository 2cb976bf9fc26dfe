using System.Text;
using Tracing.Etl;
using Tracing.Etl.Kernel;
using Tracing.Reports.Model;

namespace Tracing.Analysis.Machine;

/// <summary>
/// Learns from the kernel's events what threads and processes are called. Bounded: of more threads or processes than it keeps, the later ones have no name.
/// </summary>
/// <remarks>Not safe for use from several threads.</remarks>
public sealed class NameTable
{
    /// <summary>The most threads, and the most processes, that are kept: about 10 MB of names.</summary>
    public const int MaximumEntries = 1 << 16;

    // Windows cuts thread names at 32 KiB; more than this is no help to anybody.
    private const int MaximumName = 64;

    private readonly Dictionary<int, Entry> _threads = [];
    private readonly Dictionary<int, Entry> _processes = [];

    /// <summary>Learns from a kernel record; others pass by.</summary>
    public void Take(in EtlRecord record)
    {
        if (ThreadEvent.TryRead(record, out ThreadEvent thread))
        {
            Note(_threads, thread.ThreadId, thread.ProcessId, thread.Life, thread.Name);
        }
        else if (ThreadNameEvent.TryRead(record, out ThreadNameEvent name))
        {
            Note(_threads, name.ThreadId, name.ProcessId, LifeEvent.RundownStart, name.Name);
        }
        else if (ProcessEvent.TryRead(record, out ProcessEvent process))
        {
            // Bytes of a code page that is not known: those above 127 are shown as what they would be in UTF-8.
            Span<char> image = stackalloc char[MaximumName];
            ReadOnlySpan<byte> bytes = process.ImageFileName[..Math.Min(MaximumName, process.ImageFileName.Length)];
            int length = Encoding.UTF8.GetChars(bytes, image);
            Note(_processes, process.ProcessId, process.ParentId, process.Life, image[..length]);
        }
    }

    /// <summary>What was learnt.</summary>
    public ThreadNames ToNames() => new(
        _threads.Where(pair => !pair.Value.Reused).ToDictionary(pair => pair.Key, pair => new ThreadName(pair.Value.Name, pair.Value.Owner)),
        _processes.Where(pair => !pair.Value.Reused && pair.Value.Name.Length > 0).ToDictionary(pair => pair.Key, pair => pair.Value.Name));

    private static void Note(Dictionary<int, Entry> entries, int id, int owner, LifeEvent life, ReadOnlySpan<char> name)
    {
        ReadOnlySpan<char> kept = name[..Math.Min(MaximumName, name.Length)];
        if (!entries.TryGetValue(id, out Entry? entry))
        {
            if (entries.Count < MaximumEntries)
            {
                entries.Add(id, new Entry { Owner = owner, Name = kept.ToString(), Ended = life == LifeEvent.End });
            }

            return;
        }

        entry.Reused |= entry.Owner != owner || (entry.Ended && life is LifeEvent.Start);
        entry.Ended = life == LifeEvent.End;
        if (!kept.IsEmpty && !kept.SequenceEqual(entry.Name))
        {
            entry.Name = kept.ToString();
        }
    }

    private sealed class Entry
    {
        /// <summary>The process of a thread, or the parent of a process.</summary>
        public required int Owner { get; init; }

        public required string Name { get; set; }

        public bool Ended { get; set; }

        public bool Reused { get; set; }
    }
}
