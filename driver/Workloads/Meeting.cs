using System.Threading;

namespace Tracing.Driver;

/// <summary>
/// Where all threads of a run wait for each other, as often as they like: what makes the order of their steps, and so the findings of a run,
/// the same each time. It is made of events, so that it is no lock, and no order of locks.
/// </summary>
/// <remarks>
/// Two events take turns. The last to come shuts the one of the next round before it opens that of this one: whoever is late in waking finds its
/// own still open, since the next round cannot end without it.
/// </remarks>
internal unsafe struct Meeting
{
#pragma warning disable IDE0044 // The kernel writes them.
    private KEventObject _even;
    private KEventObject _odd;
#pragma warning restore IDE0044
    private int _arrived;
    private uint _round;

    /// <summary>Makes one of raw storage. IRQL: any.</summary>
    internal static void Open(Meeting* meeting)
    {
        Kernel.KeInitializeEvent(&meeting->_even, EventType.Notification, 0);
        Kernel.KeInitializeEvent(&meeting->_odd, EventType.Notification, 0);
        meeting->_arrived = 0;
        meeting->_round = 0;
    }

    /// <summary>Waits for the others. IRQL: &lt;= APC_LEVEL.</summary>
    /// <param name="meeting">In resident storage.</param>
    /// <param name="threads">How many there are, the calling one included.</param>
    internal static void Attend(Meeting* meeting, int threads)
    {
        bool isEven = meeting->_round % 2 == 0;
        KEventObject* door = isEven ? &meeting->_even : &meeting->_odd;
        if (Interlocked.Increment(ref meeting->_arrived) < threads)
        {
            _ = Kernel.KeWaitForSingleObject(door, WaitReason.Executive, ProcessorMode.Kernel, 0, null);
            return;
        }

        meeting->_arrived = 0;
        meeting->_round++;
        Kernel.KeClearEvent(isEven ? &meeting->_odd : &meeting->_even);
        _ = Kernel.KeSetEvent(door, 0, 0);
    }
}
