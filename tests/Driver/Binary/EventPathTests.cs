using Iced.Intel;

namespace Tracing.Driver.Tests.Binary;

/// <summary>What acquire and release do for the trace, read from the linked driver.</summary>
public sealed class EventPathTests
{
    private const string Prefix = "kmutex_Tracing_Driver_";

    /// <summary>For the payload of one event and its descriptors, with the frames that hold them.</summary>
    private const uint MostStack = 256;

    private static readonly LinkMap Map = LinkMap.Load();

    [Theory]
    [InlineData("MutexAcquired", "MutexAcquired")]
    [InlineData("MutexAcquiredContended", "MutexAcquired")]
    [InlineData("MutexReleased", "MutexReleased")]
    [InlineData("MutexReleasedContended", "MutexReleased")]
    [InlineData("AcquireBlocked", "AcquireBlocked")]
    public void An_event_of_a_lock_takes_at_most_256_bytes_of_stack(string name, string payload) =>
        Assert.InRange(StackOf($"KMutexEvents__Write{name}") + StackOf($"KMutexEvents__Write{payload}Payload"), 1u, MostStack);

    /// <summary>
    /// Nor do they ask the pool. The lists of the live mutexes and of the registry are under spin locks, which a rundown holds while it writes: whoever
    /// acquires or releases must never wait for one.
    /// </summary>
    [Theory]
    [InlineData("LockSlowPath__Acquire")]
    [InlineData("LockSlowPath__Acquire_0")]
    [InlineData("LockSlowPath__Release")]
    [InlineData("FastLock__Acquire")]
    [InlineData("FastLock__Release")]
    [InlineData("UncontendedWorkload__Increment")]
    public void Acquire_and_release_reach_no_spin_lock(string function)
    {
        HashSet<string> reached = [];
        Follow(Map[Prefix + function], reached);
        Assert.Contains("EtwWrite", reached);
        Assert.DoesNotContain("KeAcquireSpinLockRaiseToDpc", reached);
        Assert.DoesNotContain("ExAllocatePool2", reached);
    }

    /// <summary>The same walk from what does take the lock: that it would be found.</summary>
    [Fact]
    public void Allocation_reaches_one()
    {
        HashSet<string> reached = [];
        Follow(Map[Prefix + "MutexBlock__Allocate"], reached);
        Assert.Contains("KeAcquireSpinLockRaiseToDpc", reached);
    }

    private static uint StackOf(string function) =>
        DriverCode.StackOf(DriverCode.At(Map[Prefix + function]) ?? throw new InvalidOperationException($"{function} has no unwind data."));

    /// <summary>Collects the names of all functions that a function calls or jumps to, and that those do.</summary>
    private static void Follow(ulong address, HashSet<string> reached)
    {
        if (DriverCode.At(address) is not { } function)
        {
            return;
        }

        foreach (Instruction instruction in DriverCode.Decode(function).Where(instruction => instruction.IsCallNear || instruction.IsJmpNear))
        {
            ulong target = instruction.NearBranchTarget;
            if (Map.Has(target) && reached.Add(Map.NameAt(target)))
            {
                Follow(target, reached);
            }
        }
    }
}
