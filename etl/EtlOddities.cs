using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Tracing.Etl;

/// <summary>
/// The oddities of one file. Those of its buffers are known when it is opened, those of its records once they have been read; reading twice counts nothing twice.
/// Safe to use from any thread; each enumeration sees the state of its beginning, ordered by kind.
/// </summary>
[SuppressMessage("Naming", "CA1710", Justification = "A file's oddities: the plural says that there are several of them.")]
public sealed class EtlOddities : IReadOnlyCollection<EtlOddity>
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<EtlOddityKind, EtlOddity> _byKind = [];

    internal EtlOddities()
    {
    }

    /// <summary>How many kinds were met.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _byKind.Count;
            }
        }
    }

    /// <summary>How many oddities were met that are damage, notes left out.</summary>
    public long Problems => this.Where(oddity => !oddity.IsNote).Sum(oddity => oddity.Count);

    /// <summary>How often a kind was met.</summary>
    public long CountOf(EtlOddityKind kind)
    {
        lock (_lock)
        {
            return _byKind.TryGetValue(kind, out EtlOddity? oddity) ? oddity.Count : 0;
        }
    }

    /// <inheritdoc/>
    public IEnumerator<EtlOddity> GetEnumerator()
    {
        lock (_lock)
        {
            return ((IEnumerable<EtlOddity>)[.. _byKind.Values]).GetEnumerator();
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void Add(EtlOddityKind kind, long offset, long bytes = 0)
    {
        lock (_lock)
        {
            _byKind[kind] = _byKind.TryGetValue(kind, out EtlOddity? known)
                ? known with { Count = known.Count + 1, FirstOffset = Math.Min(known.FirstOffset, offset), Bytes = known.Bytes + bytes }
                : new EtlOddity(kind, 1, offset, bytes);
        }
    }
}
