using System.Collections.Concurrent;
using Tracing.Events;

namespace Tracing.Cli;

/// <summary>
/// Names of providers and kernel event classes that every Windows has. Source: "NT Kernel Logger constants" and the MSNT_SystemTrace classes in
/// the Event Tracing documentation. A manifest provider is named by its manifest, which a trace does not hold: it is shown by its GUID.
/// </summary>
internal static class ProviderNames
{
    private static readonly ConcurrentDictionary<Guid, string> Unnamed = new();

    private static readonly Dictionary<Guid, string> Names = new()
    {
        [KMutexProvider.Id] = KMutexProvider.Name,
        [new("68fdd900-4a3e-11d1-84f4-0000f80464e3")] = "EventTrace",
        [new("3d6fa8d4-fe05-11d0-9dda-00c04fd7ba7c")] = "DiskIo",
        [new("3d6fa8d3-fe05-11d0-9dda-00c04fd7ba7c")] = "PageFault",
        [new("3d6fa8d0-fe05-11d0-9dda-00c04fd7ba7c")] = "Process",
        [new("90cbdc39-4a3e-11d1-84f4-0000f80464e3")] = "FileIo",
        [new("3d6fa8d1-fe05-11d0-9dda-00c04fd7ba7c")] = "Thread",
        [new("9a280ac0-c8e0-11d1-84e2-00c04fb998a2")] = "TcpIp",
        [new("bf3a50c5-a9c9-4988-a005-2df0b7c80f80")] = "UdpIp",
        [new("222962ab-6180-4b88-a825-346b75f2a24a")] = "Heap",
        [new("89497f50-effe-4440-8cf2-ce6b1cdcaca7")] = "Object",
        [new("2cb15d1d-5fc1-11d2-abe1-00a0c911f518")] = "Image",
        [new("def2fe46-7bd6-4b80-bd94-f57fe20d0ce3")] = "StackWalk",
        [new("ce1dbfb4-137e-4da6-87b0-3f59aa102cbc")] = "PerfInfo",
        [new("ae53722e-c863-11d2-8659-00c04fa321a1")] = "Registry",
        [new("01853a65-418f-4f36-aefc-dc0f1d2fd235")] = "SystemConfig",
    };

    /// <summary>The name, or null for a provider that only its manifest could name.</summary>
    public static string? Find(Guid provider) => Names.GetValueOrDefault(provider);

    /// <summary>The name, or the GUID as text. The text of a GUID is made once.</summary>
    public static string NameOrGuid(Guid provider) => Find(provider) ?? Unnamed.GetOrAdd(provider, static guid => guid.ToString());

    /// <summary>The provider of a name, in any case, or null.</summary>
    public static Guid? FindGuid(string name)
    {
        foreach ((Guid provider, string known) in Names)
        {
            if (known.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return provider;
            }
        }

        return null;
    }
}
