using Tracing.Driver.Tests.Support;
using Tracing.Events;
using Tracing.Host;

namespace Tracing.Driver.Tests.Runs;

/// <summary>Holds a trace against what the simulated kernel saw: numbers equal, and each wait and hold within its bounds.</summary>
internal static class TraceAgainstTally
{
    internal static void Check(DecodedTrace trace, Tally tally)
    {
        // The kernel learns of a fast mutex when it is first asked for.
        Check([.. trace.Mutexes.Values.Where(mutex => mutex.Kind != MutexKind.FastMutex)], [.. tally.Mutexes.Where(mutex => !mutex.IsFast)]);
        Check([.. trace.Mutexes.Values.Where(mutex => mutex.Kind == MutexKind.FastMutex && mutex.Acquires.Count > 0)], [.. tally.Mutexes.Where(mutex => mutex.IsFast)]);
    }

    private static void Check(DecodedTrace.MutexEvents[] mutexes, MutexTally[] tally)
    {
        Assert.Equal(tally.Length, mutexes.Length);
        Dictionary<ulong, DecodedTrace.MutexEvents[]> byAddress = mutexes
            .GroupBy(mutex => mutex.Address)
            .ToDictionary(group => group.Key, group => group.OrderBy(mutex => mutex.AllocatedAt).ToArray());
        ulong[] addresses = [.. byAddress.Keys.Order()];
        foreach (MutexTally expected in tally)
        {
            // The object lies somewhere in the block whose address the event tells.
            int index = Array.BinarySearch(addresses, expected.Address);
            ulong block = addresses[index < 0 ? ~index - 1 : index];
            DecodedTrace.MutexEvents reported = byAddress[block][expected.Generation];
            Assert.InRange(expected.Address, reported.Address, reported.Address + reported.PoolSize - 0x38);
            CheckMutex(expected, reported);
        }
    }

    private static void CheckMutex(MutexTally expected, DecodedTrace.MutexEvents reported)
    {
        Assert.Equal(expected.Acquires, reported.Acquires.Count);
        Assert.Equal(expected.Contended, reported.Acquires.Values.Count(acquire => acquire.Contended));
        Assert.Equal(
            expected.Waits.Select(wait => (ulong)wait.AcquireNumber),
            reported.Acquires.Where(pair => pair.Value.Contended).Select(pair => pair.Key));
        foreach (TallyInterval wait in expected.Waits)
        {
            DecodedTrace.Acquire acquire = reported.Acquires[(ulong)wait.AcquireNumber];
            Assert.Equal(wait.ThreadId, (uint)acquire.ThreadId);
            Assert.InRange(acquire.AcquiredAt - acquire.RequestedAt, wait.Inner, wait.Outer);
        }

        Assert.Equal(
            expected.Holds.Select(hold => (ulong)hold.AcquireNumber),
            reported.Releases.Where(pair => pair.Value.Depth == 1).Select(pair => pair.Key));
        foreach (TallyInterval hold in expected.Holds)
        {
            DecodedTrace.Release release = reported.Releases[(ulong)hold.AcquireNumber];
            Assert.Equal(hold.ThreadId, (uint)release.ThreadId);
            Assert.InRange(release.ReleasedAt - release.AcquiredAt, hold.Inner, hold.Outer);
        }
    }
}
