using System.Runtime.InteropServices;

namespace Tracing.Host.Faults;

/// <summary>
/// The address ranges of the driver images loaded in this process, where machine code can search them. Lives as long as the process.
/// Thread-safe.
/// </summary>
internal sealed unsafe class ImageRanges
{
    /// <summary>How many images can be loaded at once. Each simulated kernel loads one.</summary>
    internal const int Capacity = 64;

    private readonly Lock _gate = new();

    internal ImageRanges()
    {
        Table = (ulong*)NativeMemory.AllocZeroed(2 * Capacity, sizeof(ulong));
    }

    /// <summary><see cref="Capacity"/> pairs of first address and end; an end of zero is an empty pair.</summary>
    internal ulong* Table { get; }

    /// <summary>Adds an image.</summary>
    /// <exception cref="InvalidOperationException">As many images are loaded as the table can hold.</exception>
    internal void Add(void* start, nuint length)
    {
        lock (_gate)
        {
            for (int i = 0; i < Capacity; i++)
            {
                if (Table[(2 * i) + 1] == 0)
                {
                    // A reader between the two stores sees an empty pair.
                    Volatile.Write(ref Table[2 * i], (ulong)start);
                    Volatile.Write(ref Table[(2 * i) + 1], (ulong)start + length);
                    return;
                }
            }
        }

        throw new InvalidOperationException($"{Capacity} driver images are loaded in this process; unload one before loading another.");
    }

    /// <summary>Removes an image.</summary>
    internal void Remove(void* start)
    {
        lock (_gate)
        {
            for (int i = 0; i < Capacity; i++)
            {
                if (Table[2 * i] == (ulong)start)
                {
                    Volatile.Write(ref Table[(2 * i) + 1], 0);
                    Volatile.Write(ref Table[2 * i], 0);
                    return;
                }
            }
        }
    }
}
