using Tracing.Host.Scheduling;
using Tracing.Host.Thunks;

namespace Tracing.Host.Kernel;

/// <summary>
/// A thread of the simulated machine, carried by one .NET thread of its own. It can be waited for, and is signaled when it has ended. Its
/// state is used by that thread alone, but for <see cref="Wakeup"/> and what a <see cref="DispatcherObject"/> guards.
/// </summary>
internal sealed unsafe class SimulatedThread : DispatcherObject, IDisposable
{
    internal const int ObjectSize = 0x40;

    [ThreadStatic]
    private static SimulatedThread? _current;

    private int _references = 1;

    internal SimulatedThread(SimulatedKernel kernel, uint id, nuint address, bool madeByDriver)
        : base(address, DispatcherHeader.Thread, ObjectSize / 4, 0)
    {
        Kernel = kernel;
        Id = id;
        MadeByDriver = madeByDriver;
        Turn = kernel.Schedule?.Add();
        Ledger = new ThreadLedger(id, kernel.Clock);
    }

    /// <summary>The simulated thread that runs on the calling .NET thread.</summary>
    internal static SimulatedThread Current =>
        _current ?? throw new InvalidOperationException("Driver code ran on a thread that is no simulated thread: an error of the host.");

    internal override string Kind => "thread";

    internal SimulatedKernel Kernel { get; }

    /// <summary>A multiple of four, as on Windows.</summary>
    internal uint Id { get; }

    /// <summary>Whether the driver created it; else it is the host's, and calls into the driver.</summary>
    internal bool MadeByDriver { get; }

    /// <summary>The current IRQL; on Windows a property of the processor, which a thread above APC_LEVEL does not leave.</summary>
    internal byte Irql
    {
        get;
        set
        {
            field = value;
            AskedSinceRaise &= value > Host.Kernel.Irql.Apc;
        }
    }

    /// <summary>Whether KeGetCurrentIrql was asked since the IRQL was raised above APC_LEVEL.</summary>
    internal bool AskedSinceRaise { get; set; }

    /// <summary>The call into the driver that the thread is in, or null.</summary>
    internal EntryFrame* Innermost { get; set; }

    /// <summary>The last call into the kernel, and the instruction in the driver after it: for messages.</summary>
    internal (Import Import, nuint ReturnAddress)? Serving { get; set; }

    /// <summary>One permit for each object granted to the thread while it waited.</summary>
    internal SemaphoreSlim Wakeup { get; } = new(0);

    internal ThreadLedger Ledger { get; }

    /// <summary>Its place in the machine's schedule, if that has one.</summary>
    internal Turn? Turn { get; }

    /// <summary>What it waits for, or null. For messages of a machine that has come to rest.</summary>
    internal DispatcherObject? WaitsFor { get; set; }

    /// <summary>DPCs that were queued above APC_LEVEL, by their addresses: they run when the IRQL falls below.</summary>
    internal Queue<nuint> PendingDpcs { get; } = new();

    /// <summary>How many spin locks it holds.</summary>
    internal int SpinLocks { get; set; }

    /// <summary>Whether it has ended.</summary>
    internal bool Ended { get; private set; }

    /// <summary>Whether anything still refers to it: a handle, a pointer, or its own running.</summary>
    internal bool Referenced => Volatile.Read(ref _references) > 0;

    internal void Reference() => Interlocked.Increment(ref _references);

    /// <returns>How many references are left.</returns>
    internal int Dereference() => Interlocked.Decrement(ref _references);

    internal override bool TryTake(SimulatedThread thread, long now) => Ended;

    /// <summary>Runs the thread's work on the calling .NET thread, and then ends the thread.</summary>
    internal void Run(Action<SimulatedThread> work)
    {
        _current = this;
        if (Turn is not null)
        {
            Schedule.Begin(Turn);
        }

        try
        {
            work(this);
        }
        catch (DriverEscapeException)
        {
            // The thread's end, or the machine's; the kernel knows which.
        }
        finally
        {
            Ledger.EnterKernel(readsClock: false);
            _current = null;
            Kernel.Threads.End(this);
        }
    }

    /// <summary>Signals the end to whoever waits for it.</summary>
    internal void SignalEnd()
    {
        lock (Gate)
        {
            Ended = true;
            Header->SignalState = 1;
            ServeWaiters(Kernel.Clock.Now);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Wakeup.Dispose();
        Turn?.Dispose();
    }
}
