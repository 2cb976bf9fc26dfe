using System.Threading;

namespace Tracing.Driver;

/// <summary>
/// Where the names of clients' call sites are kept after the first sight of them: resident, never moved, never given back, so that they outlive
/// the client. When the room is used up, further sites have a number and no name.
/// </summary>
internal static unsafe class SiteText
{
    /// <summary>Characters in all: 64 for each place of the table of sites.</summary>
    private const int Capacity = 32 * 1024;

    /// <summary>The longest text kept: longer ones are cut.</summary>
    private const int Longest = 259;

    private static Room _room;
    private static int _used;

    /// <summary>Copies a text. IRQL: any.</summary>
    /// <param name="text">UTF-8, zero-terminated, or null.</param>
    /// <param name="length">UTF-16 units of the copy.</param>
    /// <returns>The copy, zero-terminated; null when there is no room.</returns>
    internal static char* Keep(byte* text, out int length)
    {
        length = Utf8Text.Measure(text, Longest);
        char* copy = Take(length + 1);
        if (copy != null)
        {
            Utf8Text.Copy(text, copy, length);
        }

        return copy;
    }

    private static char* Take(int characters)
    {
        int used = _used;
        while (used + characters <= Capacity)
        {
            int found = Interlocked.CompareExchange(ref _used, used + characters, used);
            if (found == used)
            {
                fixed (Room* room = &_room)
                {
                    return (char*)room + used;
                }
            }

            used = found;
        }

        return null;
    }

    /// <summary>A static field needs its size in its type.</summary>
    private struct Room
    {
#pragma warning disable IDE0051 // Only its size and its address matter.
        private fixed char _storage[Capacity];
#pragma warning restore IDE0051
    }
}
