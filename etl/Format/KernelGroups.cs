namespace Tracing.Etl.Format;

/// <summary>
/// The class GUID that stands for each group of kernel events (docs: ETL format notes, section 2.1). Kernel records carry a one-byte group instead.
/// </summary>
internal static class KernelGroups
{
    /// <summary>Process, event Load: the one kernel record that belongs to another class than its group says, Image.</summary>
    private const ushort ProcessLoadHook = 0x030A;
    private const int ImageGroup = 0x14;

    private static readonly Guid[] Classes =
    [
        new("68fdd900-4a3e-11d1-84f4-0000f80464e3"), // 00 EventTrace
        new("3d6fa8d4-fe05-11d0-9dda-00c04fd7ba7c"), // 01 DiskIo
        new("3d6fa8d3-fe05-11d0-9dda-00c04fd7ba7c"), // 02 PageFault
        new("3d6fa8d0-fe05-11d0-9dda-00c04fd7ba7c"), // 03 Process
        new("90cbdc39-4a3e-11d1-84f4-0000f80464e3"), // 04 FileIo
        new("3d6fa8d1-fe05-11d0-9dda-00c04fd7ba7c"), // 05 Thread
        new("9a280ac0-c8e0-11d1-84e2-00c04fb998a2"), // 06 TcpIp
        new("3282fc76-feed-498e-8aa7-e70f459d430e"), // 07 Job
        new("bf3a50c5-a9c9-4988-a005-2df0b7c80f80"), // 08 UdpIp
        new("ae53722e-c863-11d2-8659-00c04fa321a1"), // 09 Registry
        new("13976d09-a327-438c-950b-7f03192815c7"), // 0A DbgPrint
        new("01853a65-418f-4f36-aefc-dc0f1d2fd235"), // 0B Config
        new("99134383-5248-43fc-834b-529454e75df3"), // 0C Spare1
        new("42695762-ea50-497a-9068-5cbbb35e0b95"), // 0D Wnf
        new("0268a8b6-74fd-4302-9dd0-6e8f1795c0cf"), // 0E Pool
        new("ce1dbfb4-137e-4da6-87b0-3f59aa102cbc"), // 0F PerfInfo
        new("222962ab-6180-4b88-a825-346b75f2a24a"), // 10 Heap
        new("89497f50-effe-4440-8cf2-ce6b1cdcaca7"), // 11 Object
        new("e43445e0-0903-48c3-b878-ff0fccebdd04"), // 12 Power
        new("a9152f00-3f58-4bee-92a1-70c7d079d5dd"), // 13 ModBound
        new("2cb15d1d-5fc1-11d2-abe1-00a0c911f518"), // 14 Image
        new("b2d14872-7c5b-463d-8419-ee9bf7d23e04"), // 15 Dpc
        new("7687a439-f752-45b8-b741-321aec0f8df9"), // 16 Cc
        new("3ac66736-cc59-4cff-8115-8df50e39816b"), // 17 CritSec
        new("def2fe46-7bd6-4b80-bd94-f57fe20d0ce3"), // 18 StackWalk
        new("9aec974b-5b8e-4118-9b92-3186d8002ce5"), // 19 Ums
        new("45d8cccd-539f-4b72-a8b7-5c683142609a"), // 1A Alpc
        new("d837ca92-12b9-44a5-ad6a-3a65b3578aa8"), // 1B SplitIo
        new("c861d0e2-a2c1-4d36-9f9c-970bab943a12"), // 1C ThreadPool
        new("7f2a405c-69b5-4bf9-a1f5-30e8f1afab5e"), // 1D Hypervisor
        new("2ce9a149-effe-42f0-a635-a1d39e26c8f2"), // 1E HypervisorX
    ];

    /// <summary>The class of a kernel record; the empty GUID for groups this table does not know.</summary>
    /// <param name="hookId">Group in the high byte, type in the low one.</param>
    public static Guid ClassOf(ushort hookId)
    {
        int group = hookId == ProcessLoadHook ? ImageGroup : hookId >> 8;
        return group < Classes.Length ? Classes[group] : Guid.Empty;
    }
}
