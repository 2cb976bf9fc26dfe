using Tracing.Driver;
using Tracing.Events;

namespace Tracing.Manifest.Tests;

/// <summary>What the driver's writers give to ETW, the analyzer's decoders read back: each field with a value of its own, so that none can stand for another.</summary>
public sealed unsafe class RoundTripTests
{
    private const ulong Registration = 0xFEED_0000_BEEF;

    [Fact]
    public void ProviderStarted()
    {
        Guid build = new("01234567-89ab-cdef-0123-456789abcdef");
        KMutexEvents.WriteProviderStarted(Registration, 1, 0x01020003, build, 10_000_000, 20_000, 350, 8);
        Assert.True(ProviderStartedPayload.TryRead(Written("ProviderStarted", 47), 8, 0, out ProviderStartedPayload read));
        Assert.Equal(1, read.SchemaVersion);
        Assert.Equal(0x01020003U, read.DriverVersion);
        Assert.Equal(build, read.BuildId);
        Assert.Equal(10_000_000UL, read.QpcFrequency);
        Assert.Equal(20_000UL, read.ContentionThreshold);
        Assert.Equal(350UL, read.EventCost);
        Assert.Equal(8, read.PointerSize);
    }

    [Fact]
    public void MutexAllocated()
    {
        fixed (char* label = "Counter")
        {
            KMutexEvents.WriteMutexAllocated(
                Registration, 71, (void*)0xFFFF_8000_1234_5678, Driver.MutexKind.CriticalSection, 24, 208, 0x7478_4D4B, 2, 9, 123_456_789, label, 7);
        }

        Assert.True(MutexAllocatedPayload.TryRead(Written("MutexAllocated", 42 + 16), 8, 0, out MutexAllocatedPayload read));
        Assert.Equal(71UL, read.MutexId);
        Assert.Equal(0xFFFF_8000_1234_5678UL, read.Address);
        Assert.Equal(Events.MutexKind.CriticalSection, read.Kind);
        Assert.Equal(24U, read.DataSize);
        Assert.Equal(208U, read.PoolSize);
        Assert.Equal(0x7478_4D4BU, read.PoolTag);
        Assert.Equal(2, read.Irql);
        Assert.Equal(9U, read.SiteId);
        Assert.Equal(123_456_789UL, read.AllocatedAt);
        Assert.Equal("Counter", read.Label.ToString());
    }

    [Fact]
    public void No_label_is_an_empty_one()
    {
        KMutexEvents.WriteMutexAllocated(Registration, 71, null, Driver.MutexKind.KMutex, 0, 0, 0, 0, 0, 0, null, 99);
        Assert.True(MutexAllocatedPayload.TryRead(Written("MutexAllocated", 42 + 2), 8, 0, out MutexAllocatedPayload read));
        Assert.Equal("", read.Label.ToString());
    }

    [Fact]
    public void MutexFreed()
    {
        KMutexEvents.WriteMutexFreed(Registration, 71, Driver.FreeReason.LabelReplaced, 4711, 3, 9, 1000, 11, 12, 13, 14, 15, 16, 17, 18);
        Assert.True(MutexFreedPayload.TryRead(Written("MutexFreed", 93), 8, 0, out MutexFreedPayload read));
        Assert.Equal(71UL, read.MutexId);
        Assert.Equal(Events.FreeReason.LabelReplaced, read.Reason);
        Assert.Equal(4711U, read.OwnerThreadId);
        Assert.Equal(3U, read.Waiters);
        Assert.Equal(9U, read.SiteId);
        Assert.Equal(1000UL, read.FreedAt);
        Assert.Equal(
            [11UL, 12UL, 13UL, 14UL, 15UL, 16UL, 17UL, 18UL],
            [read.Acquires, read.Contended, read.Rejected, read.WaitTotal, read.WaitMax, read.TimedHolds, read.HoldTotal, read.HoldMax]);
    }

    [Fact]
    public void AllocationFailed()
    {
        KMutexEvents.WriteAllocationFailed(Registration, Driver.MutexKind.FastMutex, 208, 0x7478_4D4B, 9);
        Assert.True(AllocationFailedPayload.TryRead(Written("AllocationFailed", 13), 8, 0, out AllocationFailedPayload read));
        Assert.Equal(Events.MutexKind.FastMutex, read.Kind);
        Assert.Equal(208U, read.PoolSize);
        Assert.Equal(0x7478_4D4BU, read.PoolTag);
        Assert.Equal(9U, read.SiteId);
    }

    [Fact]
    public void SiteDefined()
    {
        fixed (char* file = "driver/Entry/Workloads.cs", member = "Größe")
        {
            KMutexEvents.WriteSiteDefined(Registration, 9, 128, file, 25, member, 5);
        }

        Assert.True(SiteDefinedPayload.TryRead(Written("SiteDefined", 8 + 52 + 12), 8, 0, out SiteDefinedPayload read));
        Assert.Equal(9U, read.SiteId);
        Assert.Equal(128U, read.Line);
        Assert.Equal("driver/Entry/Workloads.cs", read.File.ToString());
        Assert.Equal("Größe", read.Member.ToString());
    }

    [Fact]
    public void AcquireBlocked()
    {
        KMutexEvents.WriteAcquireBlocked(Registration, 71, 1000, 4711, 88, 3, 1, 9);
        Assert.True(AcquireBlockedPayload.TryRead(Written("AcquireBlocked", 37), 8, 0, out AcquireBlockedPayload read));
        Assert.Equal(71UL, read.MutexId);
        Assert.Equal(1000UL, read.RequestedAt);
        Assert.Equal(4711U, read.OwnerThreadId);
        Assert.Equal(88UL, read.OwnerSequence);
        Assert.Equal(3U, read.Waiters);
        Assert.Equal(1, read.Irql);
        Assert.Equal(9U, read.SiteId);
    }

    [Theory]
    [InlineData("MutexAcquired")]
    [InlineData("MutexAcquiredContended")]
    public void MutexAcquired_and_its_contended_twin(string name)
    {
        const Driver.AcquiredFlags Flags = Driver.AcquiredFlags.Recursive | Driver.AcquiredFlags.Timed;
        _ = name == "MutexAcquired"
            ? KMutexEvents.WriteMutexAcquired(Registration, 71, 88, 2, Flags, 1000, 2000, 9)
            : KMutexEvents.WriteMutexAcquiredContended(Registration, 71, 88, 2, Flags, 1000, 2000, 9);
        Assert.True(MutexAcquiredPayload.TryRead(Written(name, 39), 8, 0, out MutexAcquiredPayload read));
        Assert.Equal(71UL, read.MutexId);
        Assert.Equal(88UL, read.Sequence);
        Assert.Equal(2, read.Depth);
        Assert.Equal(Events.AcquiredFlags.Recursive | Events.AcquiredFlags.Timed, read.Flags);
        Assert.Equal(1000UL, read.RequestedAt);
        Assert.Equal(2000UL, read.AcquiredAt);
        Assert.Equal(9U, read.SiteId);
    }

    [Fact]
    public void AcquireFailed()
    {
        KMutexEvents.WriteAcquireFailed(Registration, 71, Driver.AcquireFailure.UserApc, 1000, 2000, 9);
        Assert.True(AcquireFailedPayload.TryRead(Written("AcquireFailed", 29), 8, 0, out AcquireFailedPayload read));
        Assert.Equal(71UL, read.MutexId);
        Assert.Equal(Events.AcquireFailure.UserApc, read.Reason);
        Assert.Equal(1000UL, read.RequestedAt);
        Assert.Equal(2000UL, read.FailedAt);
        Assert.Equal(9U, read.SiteId);
    }

    [Theory]
    [InlineData("MutexReleased")]
    [InlineData("MutexReleasedContended")]
    public void MutexReleased_and_its_contended_twin(string name)
    {
        _ = name == "MutexReleased"
            ? KMutexEvents.WriteMutexReleased(Registration, 71, 88, 2, 1000, 2000, 3, 9)
            : KMutexEvents.WriteMutexReleasedContended(Registration, 71, 88, 2, 1000, 2000, 3, 9);
        Assert.True(MutexReleasedPayload.TryRead(Written(name, 42), 8, 0, out MutexReleasedPayload read));
        Assert.Equal(71UL, read.MutexId);
        Assert.Equal(88UL, read.Sequence);
        Assert.Equal(2, read.Depth);
        Assert.Equal(1000UL, read.AcquiredAt);
        Assert.Equal(2000UL, read.ReleasedAt);
        Assert.Equal(3U, read.Waiters);
        Assert.Equal(9U, read.SiteId);
    }

    [Fact]
    public void IrqlRejected()
    {
        KMutexEvents.WriteIrqlRejected(Registration, 71, Driver.LockOperation.TryLock, 2, 1, 300, 9, 1000);
        Assert.True(IrqlRejectedPayload.TryRead(Written("IrqlRejected", 25), 8, 0, out IrqlRejectedPayload read));
        Assert.Equal(71UL, read.MutexId);
        Assert.Equal(Events.LockOperation.TryLock, read.Operation);
        Assert.Equal(2, read.Irql);
        Assert.Equal(1, read.MaximumIrql);
        Assert.Equal(300, read.Processor);
        Assert.Equal(9U, read.SiteId);
        Assert.Equal(1000UL, read.RejectedAt);
    }

    [Fact]
    public void MisuseDetected()
    {
        KMutexEvents.WriteMisuseDetected(Registration, 71, Driver.MisuseKind.UseAfterFree, 4711, 2, 9, 1000);
        Assert.True(MisuseDetectedPayload.TryRead(Written("MisuseDetected", 27), 8, 0, out MisuseDetectedPayload read));
        Assert.Equal(71UL, read.MutexId);
        Assert.Equal(Events.MisuseKind.UseAfterFree, read.Kind);
        Assert.Equal(4711U, read.OwnerThreadId);
        Assert.Equal(2, read.Depth);
        Assert.Equal(9U, read.SiteId);
        Assert.Equal(1000UL, read.DetectedAt);
    }

    [Fact]
    public void Rundown_events()
    {
        KMutexEvents.WriteRundownStarted(Registration, 5, 40);
        Assert.True(RundownStartedPayload.TryRead(Written("RundownStarted", 8), 8, 0, out RundownStartedPayload started));
        Assert.Equal((5U, 40U), (started.RundownId, started.LiveMutexes));
        KMutexEvents.WriteRundownEnded(Registration, 5, 39);
        Assert.True(RundownEndedPayload.TryRead(Written("RundownEnded", 8), 8, 0, out RundownEndedPayload ended));
        Assert.Equal((5U, 39U), (ended.RundownId, ended.Written));
    }

    [Fact]
    public void MutexState()
    {
        fixed (char* label = "Counter")
        {
            KMutexEvents.WriteMutexState(
                Registration, 5, 71, (void*)0xFFFF_8000_1234_5678, Driver.MutexKind.KMutex, 24, 208, 0x7478_4D4B, 1, 9, 123_456_789,
                4711, 88, 2, 1000, 3, 11, 12, 13, 14, 15, 16, 17, 18, label, 7);
        }

        Assert.True(MutexStatePayload.TryRead(Written("MutexState", 136 + 16), 8, 0, out MutexStatePayload read));
        Assert.Equal(5U, read.RundownId);
        Assert.Equal(71UL, read.MutexId);
        Assert.Equal(0xFFFF_8000_1234_5678UL, read.Address);
        Assert.Equal(Events.MutexKind.KMutex, read.Kind);
        Assert.Equal(24U, read.DataSize);
        Assert.Equal(208U, read.PoolSize);
        Assert.Equal(0x7478_4D4BU, read.PoolTag);
        Assert.Equal(1, read.Irql);
        Assert.Equal(9U, read.SiteId);
        Assert.Equal(123_456_789UL, read.AllocatedAt);
        Assert.Equal(4711U, read.OwnerThreadId);
        Assert.Equal(88UL, read.OwnerSequence);
        Assert.Equal(2, read.Depth);
        Assert.Equal(1000UL, read.HeldSince);
        Assert.Equal(3U, read.Waiters);
        Assert.Equal(
            [11UL, 12UL, 13UL, 14UL, 15UL, 16UL, 17UL, 18UL],
            [read.Acquires, read.Contended, read.Rejected, read.WaitTotal, read.WaitMax, read.TimedHolds, read.HoldTotal, read.HoldMax]);
        Assert.Equal("Counter", read.Label.ToString());
    }

    [Fact]
    public void ProviderStopped()
    {
        KMutexEvents.WriteProviderStopped(Registration, 6, 1248);
        Assert.True(ProviderStoppedPayload.TryRead(Written("ProviderStopped", 12), 8, 0, out ProviderStoppedPayload read));
        Assert.Equal(6U, read.LiveMutexes);
        Assert.Equal(1248UL, read.LiveBytes);
    }

    /// <summary>The payload written last, of that size, once its descriptor has been found to be the committed one.</summary>
    private static byte[] Written(string name, int size)
    {
        WrittenEvent written = Kernel.Last;
        EventDescriptor actual = written.Descriptor;
        Assert.Equal(DescriptorTests.Committed[name], new Descriptor(actual.Id, actual.Version, actual.Channel, actual.Level, actual.Opcode, actual.Task, actual.Keyword));
        Assert.Equal(Registration, written.Registration);
        Assert.Equal(size, written.Payload.Length);
        return written.Payload;
    }
}
