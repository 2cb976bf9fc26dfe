using Tracing.Manifest.Model;

namespace Tracing.Manifest.Tests;

/// <summary>
/// The trace contract, typed here by hand from its text and independently of the manifest: what has shipped may not change its meaning, so
/// a difference is a mistake in the manifest or a new version of the contract, never something to copy over.
/// </summary>
public sealed class ContractTests
{
    private const string Counters =
        "Acquires:u64 Contended:u64 Rejected:u64 WaitTotal:u64 WaitMax:u64 TimedHolds:u64 HoldTotal:u64 HoldMax:u64";

    private const string Acquired = "MutexId:u64 Sequence:u64 Depth:u16 Flags:u8 RequestedAt:u64 AcquiredAt:u64 SiteId:u32";

    private const string Released = "MutexId:u64 Sequence:u64 Depth:u16 AcquiredAt:u64 ReleasedAt:u64 Waiters:u32 SiteId:u32";

    private const byte Error = 2;
    private const byte Informational = 4;
    private const byte Verbose = 5;

    public static TheoryData<uint, string, ulong, byte, string> Events => new()
    {
        { 1, "ProviderStarted", 0x3F, Informational, "SchemaVersion:u16 DriverVersion:u32 BuildId:guid QpcFrequency:u64 ContentionThreshold:u64 EventCost:u64 PointerSize:u8" },
        { 2, "MutexAllocated", 0x01, Informational, "MutexId:u64 Address:ptr Kind:u8 DataSize:u32 PoolSize:u32 PoolTag:u32 Irql:u8 SiteId:u32 AllocatedAt:u64 Label:text" },
        { 3, "MutexFreed", 0x01, Informational, "MutexId:u64 Reason:u8 OwnerThreadId:u32 Waiters:u32 SiteId:u32 FreedAt:u64 " + Counters },
        { 4, "AllocationFailed", 0x01, Error, "Kind:u8 PoolSize:u32 PoolTag:u32 SiteId:u32" },
        { 5, "SiteDefined", 0x21, Informational, "SiteId:u32 Line:u32 File:text Member:text" },
        { 10, "AcquireBlocked", 0x02, Informational, "MutexId:u64 RequestedAt:u64 OwnerThreadId:u32 OwnerSequence:u64 Waiters:u32 Irql:u8 SiteId:u32" },
        { 11, "MutexAcquired", 0x04, Verbose, Acquired },
        { 12, "MutexAcquiredContended", 0x06, Informational, Acquired },
        { 13, "AcquireFailed", 0x02, Informational, "MutexId:u64 Reason:u8 RequestedAt:u64 FailedAt:u64 SiteId:u32" },
        { 14, "MutexReleased", 0x04, Verbose, Released },
        { 15, "MutexReleasedContended", 0x06, Informational, Released },
        { 20, "IrqlRejected", 0x08, Error, "MutexId:u64 Operation:u8 Irql:u8 MaximumIrql:u8 Processor:u16 SiteId:u32 RejectedAt:u64" },
        { 21, "MisuseDetected", 0x10, Error, "MutexId:u64 Kind:u8 OwnerThreadId:u32 Depth:u16 SiteId:u32 DetectedAt:u64" },
        { 30, "RundownStarted", 0x20, Informational, "RundownId:u32 LiveMutexes:u32" },
        { 31, "MutexState", 0x20, Informational, "RundownId:u32 MutexId:u64 Address:ptr Kind:u8 DataSize:u32 PoolSize:u32 PoolTag:u32 Irql:u8 SiteId:u32 AllocatedAt:u64 OwnerThreadId:u32 OwnerSequence:u64 Depth:u16 HeldSince:u64 Waiters:u32 " + Counters + " Label:text" },
        { 32, "RundownEnded", 0x20, Informational, "RundownId:u32 Written:u32" },
        { 40, "ProviderStopped", 0x3F, Informational, "LiveMutexes:u32 LiveBytes:u64" },
    };

    [Theory]
    [MemberData(nameof(Events))]
    public void An_event_is_as_the_contract_says(uint id, string name, ulong keywords, byte level, string fields)
    {
        EventManifest manifest = Sources.Manifest;
        EventDefinition actual = Assert.Single(manifest.Events, candidate => candidate.Id == id);
        Assert.Equal(name, actual.Name);
        Assert.Equal(keywords, manifest.KeywordMask(actual));
        Assert.Equal(level, manifest.LevelOf(actual));
        Assert.Equal(fields, string.Join(' ', manifest.TemplateOf(actual).Fields.Select(field => $"{field.Name}:{ShortType(field)}")));
    }

    [Fact]
    public void There_are_no_other_events() =>
        Assert.Equal(Events.Select(row => row.Data.Item1).Order(), Sources.Manifest.Events.Select(@event => @event.Id).Order());

    [Fact]
    public void Keywords_have_the_bits_of_the_contract() => Assert.Equal(
        [("Lifetime", 0x01UL), ("Contention", 0x02UL), ("Lock", 0x04UL), ("Irql", 0x08UL), ("Misuse", 0x10UL), ("Rundown", 0x20UL)],
        Sources.Manifest.Keywords.Select(keyword => (keyword.Name, keyword.Mask)));

    [Theory]
    [InlineData("MutexKind", "1=KMutex 2=FastMutex 3=CriticalSection")]
    [InlineData("FreeReason", "1=Disposed 2=ToOwned 3=ToOwnedBox 4=LabelReplaced 5=RegistryDestroyed")]
    [InlineData("AcquireFailure", "1=TimedOut 2=Alerted 3=UserApc")]
    [InlineData("LockOperation", "1=New 2=Lock 3=TryLock 4=Release 5=Free")]
    [InlineData("MisuseKind", "1=DoubleRelease 2=ReleaseByOtherThread 3=FreeWhileHeld 4=FreeWithWaiters 5=UseAfterFree 6=LabelInUse")]
    [InlineData("AcquiredFlags", "1=Recursive 2=Try 4=Timed 8=Alertable 16=Abandoned")]
    public void Values_keep_their_numbers(string map, string values)
    {
        EventManifest manifest = Sources.Manifest;
        MapDefinition actual = Assert.Single(manifest.Maps, candidate => candidate.Name == map);
        Assert.Equal(values, string.Join(' ', actual.Values.Select(value => $"{value.Value}={manifest.NameOf(value)}")));
    }

    [Fact]
    public void Windows_finds_names_and_messages_in_the_driver_itself()
    {
        Assert.Equal(@"%SystemRoot%\System32\drivers\kmutex.sys", Sources.Manifest.Provider.ResourceFileName);
        Assert.Equal(@"%SystemRoot%\System32\drivers\kmutex.sys", Sources.Manifest.Provider.MessageFileName);
    }

    private static string ShortType(FieldDefinition field) => field.InType switch
    {
        "win:UInt8" => "u8",
        "win:UInt16" => "u16",
        "win:UInt32" => "u32",
        "win:UInt64" => "u64",
        "win:Pointer" => "ptr",
        "win:GUID" => "guid",
        "win:UnicodeString" => "text",
        _ => field.InType,
    };
}
