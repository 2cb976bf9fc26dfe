using System.Runtime.CompilerServices;
using System.Threading;

namespace Tracing.Driver;

/// <summary>
/// The call sites that events have named so far. A site of this driver is known by the address of its file literal and its line, one of another
/// driver by <see cref="ClientSite.KeyOf"/>; its number is its place in the table, from 1. When the table is full, further sites are 0: unknown.
/// </summary>
/// <remarks>
/// Open addressing without locks, legal at any IRQL: whoever swaps the key into an empty place owns the place and announces the site;
/// everybody else who meets the key has the number at once and needs nothing that the owner has yet to write. Nothing is ever removed.
/// </remarks>
internal static unsafe class SiteTable
{
    /// <summary>A power of two, several times the sites this driver has and room for those of its clients.</summary>
    private const uint Capacity = 512;

    private static Places _places;

    /// <summary>The number of a site, announced if it is new. IRQL: any.</summary>
    internal static uint Resolve(in CallSite site)
    {
        long key = site.Client != null ? ClientSite.KeyOf(site.Client) : KeyOf(in site);
        if (key == 0)
        {
            return 0;
        }

        uint start = Hash(key);
        for (uint i = 0; i < Capacity; i++)
        {
            uint index = (start + i) % Capacity;
            Place* place = At(index);
            long found = place->Key;
            if (found == 0)
            {
                found = Interlocked.CompareExchange(ref place->Key, key, 0);
                if (found == 0)
                {
                    Announce(place, index + 1, in site);
                    return index + 1;
                }
            }

            if (found == key)
            {
                return index + 1;
            }
        }

        return 0;
    }

    /// <summary>Writes SiteDefined for every site known, if anybody listens. IRQL: any.</summary>
    /// <returns>How many were written.</returns>
    internal static uint WriteAll()
    {
        uint written = 0;
        if (!KMutexEvents.IsSiteDefinedEnabled)
        {
            return written;
        }

        for (uint index = 0; index < Capacity; index++)
        {
            // Without a file the place is empty, or its owner is about to announce the site itself.
            Place* place = At(index);
            if (place->File != null)
            {
                Write(place, index + 1);
                written++;
            }
        }

        return written;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Announce(Place* place, uint number, in CallSite site)
    {
        char* file;
        if (site.Client != null)
        {
            place->Line = site.Client->Line;
            place->Member = SiteText.Keep(site.Client->Function, out place->MemberLength);
            file = SiteText.Keep(site.Client->File, out place->FileLength);
        }
        else
        {
            place->Line = (uint)site.Line;
            place->Member = AddressOf(site.Member, out place->MemberLength);
            file = AddressOf(site.File, out place->FileLength);
        }

        if (file == null || place->Member == null)
        {
            return;
        }

        // The file last: who sees it sees the rest. x64 keeps the order of stores, and a compiler keeps them before a call.
        place->File = file;
        if (KMutexEvents.IsSiteDefinedEnabled)
        {
            Write(place, number);
        }
    }

    /// <summary>The key of a site in this driver; 0 when it is unknown.</summary>
    private static long KeyOf(in CallSite site)
    {
        uint offset = Image.OffsetOf(AddressOf(site.File, out _));
        return offset == 0 ? 0 : ((long)offset << 32) | (uint)site.Line;
    }

    /// <summary>The characters of a literal, which stay where they are.</summary>
    private static char* AddressOf(string? literal, out int length)
    {
        length = literal is null ? 0 : literal.Length;
        fixed (char* characters = literal)
        {
            return characters;
        }
    }

    private static void Write(Place* place, uint number) =>
        _ = KMutexEvents.WriteSiteDefined(
            TraceProvider.Registration, number, place->Line, place->File, place->FileLength, place->Member, place->MemberLength);

    private static Place* At(uint index)
    {
        fixed (Places* places = &_places)
        {
            return (Place*)places + index;
        }
    }

    /// <summary>Fibonacci hashing: the high bits of a product with 2^64 divided by the golden ratio.</summary>
    private static uint Hash(long key) => (uint)(((ulong)key * 0x9E37_79B9_7F4A_7C15) >> 55);

    private struct Place
    {
        internal long Key;
        internal char* File;
        internal char* Member;
        internal int FileLength;
        internal int MemberLength;
        internal uint Line;
    }

    /// <summary>Resident storage for <see cref="Capacity"/> places: a static field needs its size in its type.</summary>
    private struct Places
    {
#pragma warning disable IDE0051 // Only its size and its address matter.
        private fixed ulong _storage[(int)Capacity * 5];
#pragma warning restore IDE0051
    }
}
