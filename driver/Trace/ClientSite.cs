namespace Tracing.Driver;

/// <summary>
/// A call site in another driver: KMX_SITE in kmutex.h. Its texts are UTF-8 and lie in the client's image, which can be unloaded: nothing here
/// keeps a pointer to them beyond the call.
/// </summary>
internal unsafe struct ClientSite
{
#pragma warning disable CS0649 // Clients fill it in.
    /// <summary>Bytes of this structure, as the client knows it.</summary>
    internal uint Size;

    /// <summary>Line, from 1.</summary>
    internal uint Line;

    /// <summary>The source file; zero-terminated, or null.</summary>
    internal byte* File;

    /// <summary>The function; zero-terminated, or null.</summary>
    internal byte* Function;
#pragma warning restore CS0649

    /// <summary>
    /// What tells sites apart: a hash of file and line (FNV-1a, 63 bits), since addresses come again with the next client. The high bit sets it
    /// apart from the keys of this driver's own sites. IRQL: any.
    /// </summary>
    internal static long KeyOf(ClientSite* site)
    {
        const ulong Prime = 0x0000_0100_0000_01B3;
        ulong hash = 0xCBF2_9CE4_8422_2325;
        for (byte* at = site->File; *at != 0; at++)
        {
            hash = (hash ^ *at) * Prime;
        }

        hash = (hash ^ site->Line) * Prime;
        return (long)(hash | (1UL << 63));
    }
}
