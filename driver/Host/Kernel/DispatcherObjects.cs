using System.Collections.Concurrent;

namespace Tracing.Host.Kernel;

/// <summary>Every dispatcher object of the machine by its address, and the ledgers of all mutexes that ever were. Thread-safe.</summary>
internal sealed class DispatcherObjects
{
    private readonly ConcurrentDictionary<nuint, DispatcherObject> _objects = new();
    private readonly Lock _gate = new();
    private readonly List<MutexLedger> _ledgers = [];
    private readonly Dictionary<(nuint Address, bool IsFast), int> _generations = [];

    /// <summary>Finds the object at an address, or null.</summary>
    internal DispatcherObject? Find(nuint address) => _objects.GetValueOrDefault(address);

    /// <summary>Puts an object at its address, in place of whatever was there.</summary>
    internal void Place(DispatcherObject placed) => _objects[placed.Address] = placed;

    /// <summary>Makes a mutex at an address and places it.</summary>
    internal void PlaceMutex(nuint address)
    {
        lock (_gate)
        {
            Place(new KernelMutex(address, Open(address, isFast: false)));
        }
    }

    /// <summary>The ledger of the fast mutex around an event; opened when the event is first used as that.</summary>
    internal MutexLedger LedgerOf(KernelEvent inside, nuint fastMutex)
    {
        lock (_gate)
        {
            return inside.FastMutex ??= Open(fastMutex, isFast: true);
        }
    }

    internal void Remove(DispatcherObject removed) => _objects.TryRemove(new(removed.Address, removed));

    /// <summary>The objects in a range of memory, in no order.</summary>
    internal IEnumerable<DispatcherObject> In(nuint start, nuint size)
    {
        // Whichever is shorter: the addresses an object can have there, or the objects there are.
        const int alignment = 8;
        if (size / alignment > (nuint)_objects.Count)
        {
            return _objects.Values.Where(candidate => candidate.Address >= start && candidate.Address < start + size);
        }

        return Enumerable.Range(0, (int)(size / alignment))
            .Select(index => Find(start + (nuint)(index * alignment)))
            .OfType<DispatcherObject>();
    }

    /// <summary>What was counted of every mutex, when no thread runs any more.</summary>
    internal IReadOnlyList<MutexTally> Close()
    {
        lock (_gate)
        {
            return [.. _ledgers.Select(ledger => ledger.Close())];
        }
    }

    private MutexLedger Open(nuint address, bool isFast)
    {
        int generation = _generations.GetValueOrDefault((address, isFast));
        _generations[(address, isFast)] = generation + 1;
        MutexLedger ledger = new(address, generation, isFast);
        _ledgers.Add(ledger);
        return ledger;
    }
}
