using CsCheck;
using Tracing.Driver;

namespace Tracing.Manifest.Tests;

/// <summary>Which events the driver writes for what its sessions ask. The mask is one for the whole driver: only tests of this class touch it, and they run in turn.</summary>
public sealed class RecomputeTests
{
    private const ulong Everything =
        (1UL << 1) | (1UL << 2) | (1UL << 3) | (1UL << 4) | (1UL << 5) | (1UL << 10) | (1UL << 11) | (1UL << 12) | (1UL << 13) | (1UL << 14)
        | (1UL << 15) | (1UL << 20) | (1UL << 21) | (1UL << 30) | (1UL << 31) | (1UL << 32) | (1UL << 40);

    private const ulong StartAndStop = (1UL << 1) | (1UL << 40);

    [Theory]
    [InlineData(false, 5, 0x3F, 0, 0UL)]
    [InlineData(false, 0, 0, 0, 0UL)]
    [InlineData(true, 0, 0, 0, Everything)]
    [InlineData(true, 5, 0x3F, 0, Everything)]
    [InlineData(true, 255, ulong.MaxValue, 0, Everything)]
    [InlineData(true, 4, 0x3F, 0, Everything & ~((1UL << 11) | (1UL << 14)))]
    [InlineData(true, 5, 0x01, 0, StartAndStop | (1UL << 2) | (1UL << 3) | (1UL << 4) | (1UL << 5))]
    [InlineData(true, 5, 0x02, 0, StartAndStop | (1UL << 10) | (1UL << 12) | (1UL << 13) | (1UL << 15))]
    [InlineData(true, 5, 0x04, 0, StartAndStop | (1UL << 11) | (1UL << 12) | (1UL << 14) | (1UL << 15))]
    [InlineData(true, 5, 0x08, 0, StartAndStop | (1UL << 20))]
    [InlineData(true, 5, 0x10, 0, StartAndStop | (1UL << 21))]
    [InlineData(true, 5, 0x20, 0, StartAndStop | (1UL << 5) | (1UL << 30) | (1UL << 31) | (1UL << 32))]
    [InlineData(true, 2, 0x3F, 0, (1UL << 4) | (1UL << 20) | (1UL << 21))]
    [InlineData(true, 1, 0x3F, 0, 0UL)]
    [InlineData(true, 5, 0x3F, 0x06, StartAndStop | (1UL << 12) | (1UL << 15))]
    [InlineData(true, 5, 0, 0x02, StartAndStop | (1UL << 10) | (1UL << 12) | (1UL << 13) | (1UL << 15))]
    [InlineData(true, 5, 0x40, 0, 0UL)]
    [InlineData(true, 5, 0x3F, 0x40, 0UL)]
    public void Events_asked_for(bool enabled, byte level, ulong matchAny, ulong matchAll, ulong expected)
    {
        KMutexEvents.Recompute(enabled, level, matchAny, matchAll);
        Assert.Equal(expected, KMutexEvents.EnabledEvents);
    }

    [Fact]
    public void Each_question_has_the_bit_of_its_event()
    {
        foreach ((string name, Descriptor descriptor) in DescriptorTests.Committed)
        {
            KMutexEvents.EnabledEvents = 1UL << (int)descriptor.Id;
            Assert.True(Answers()[name], $"{name} has not the bit {descriptor.Id}");
            Assert.Single(Answers(), answer => answer.Value);
        }
    }

    /// <summary>A session that asks for more never loses an event.</summary>
    [Fact]
    public void Asking_for_more_gives_more() => Gen.Select(Gen.Byte[1, 6], Gen.ULong[1, 0x3F], Gen.Byte[0, 6], Gen.ULong[0, 0x3F]).Sample(
        (level, keywords, moreVerbose, moreKeywords) =>
        {
            KMutexEvents.Recompute(true, level, keywords, 0);
            ulong few = KMutexEvents.EnabledEvents;
            KMutexEvents.Recompute(true, Math.Max(level, moreVerbose), keywords | moreKeywords, 0);
            Assert.Equal(few, few & KMutexEvents.EnabledEvents);
        },
        threads: 1);

    private static Dictionary<string, bool> Answers() => new()
    {
        ["ProviderStarted"] = KMutexEvents.IsProviderStartedEnabled,
        ["MutexAllocated"] = KMutexEvents.IsMutexAllocatedEnabled,
        ["MutexFreed"] = KMutexEvents.IsMutexFreedEnabled,
        ["AllocationFailed"] = KMutexEvents.IsAllocationFailedEnabled,
        ["SiteDefined"] = KMutexEvents.IsSiteDefinedEnabled,
        ["AcquireBlocked"] = KMutexEvents.IsAcquireBlockedEnabled,
        ["MutexAcquired"] = KMutexEvents.IsMutexAcquiredEnabled,
        ["MutexAcquiredContended"] = KMutexEvents.IsMutexAcquiredContendedEnabled,
        ["AcquireFailed"] = KMutexEvents.IsAcquireFailedEnabled,
        ["MutexReleased"] = KMutexEvents.IsMutexReleasedEnabled,
        ["MutexReleasedContended"] = KMutexEvents.IsMutexReleasedContendedEnabled,
        ["IrqlRejected"] = KMutexEvents.IsIrqlRejectedEnabled,
        ["MisuseDetected"] = KMutexEvents.IsMisuseDetectedEnabled,
        ["RundownStarted"] = KMutexEvents.IsRundownStartedEnabled,
        ["MutexState"] = KMutexEvents.IsMutexStateEnabled,
        ["RundownEnded"] = KMutexEvents.IsRundownEndedEnabled,
        ["ProviderStopped"] = KMutexEvents.IsProviderStoppedEnabled,
    };
}
