namespace Tracing.Driver;

/// <summary>What a client wants of a new mutex: KMX_MUTEX_CONFIG in kmutex.h.</summary>
internal unsafe struct ClientMutexConfig
{
    /// <summary>The most data a mutex takes: a mebibyte.</summary>
    internal const uint MaximumDataSize = 1 << 20;

    /// <summary>KMX_FAST: a FAST_MUTEX instead of a KMUTEX.</summary>
    internal const uint Fast = 1;

#pragma warning disable CS0649 // Clients fill it in.
    /// <summary>Bytes of this structure, as the client knows it.</summary>
    internal uint Size;

    /// <summary>Zero, or <see cref="Fast"/>.</summary>
    internal uint Flags;

    /// <summary>What reports call it: UTF-8, zero-terminated; null for none. Copied.</summary>
    internal byte* Label;

    /// <summary>What the data begins as; null for zeros. Copied.</summary>
    internal byte* InitialData;

    /// <summary>Bytes of data; 0 for a critical section, or a FAST_MUTEX without data.</summary>
    internal uint DataSize;

    /// <summary>Zero.</summary>
    internal uint Reserved;
#pragma warning restore CS0649

    /// <summary>Whether this version can do what is asked. Clients of later versions pass larger structures, and may not rely on the rest.</summary>
    internal static bool IsValid(ClientMutexConfig* config) =>
        config != null
        && config->Size >= (uint)sizeof(ClientMutexConfig)
        && (config->Flags & ~Fast) == 0
        && config->Reserved == 0
        && config->DataSize <= MaximumDataSize;
}
