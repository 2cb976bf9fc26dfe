using Tracing.Host;
using Tracing.Host.Kernel;
using Tracing.Host.Scheduling;
using Tracing.Host.Session;
using Tracing.Host.Thunks;

namespace Tracing.Driver.Tests.Support;

/// <summary>A simulated kernel without a driver: tests call its exports as a driver would, on simulated threads.</summary>
internal sealed unsafe class KernelFixture : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    internal KernelFixture(TraceSession? session = null, FaultPlan? faults = null, Schedule? schedule = null, PoolKind pool = PoolKind.Ordinary)
    {
        Kernel = new SimulatedKernel(session, faults, schedule, pool);
    }

    internal SimulatedKernel Kernel { get; }

    internal IReadOnlyList<string> Violations => Kernel.Violations.List();

    /// <summary>Calls an export with the arguments in a row, and gives rax.</summary>
    internal ulong Call(SimulatedThread thread, string name, params ReadOnlySpan<ulong> arguments)
    {
        Assert.True(Kernel.Imports.TryFind(name, out int index), $"No family declares {name}.");
        fixed (ulong* pointer = arguments)
        {
            CallFrame frame = new() { Arguments = pointer };
            return Kernel.Serve(thread, index, new KernelCall(&frame));
        }
    }

    internal int CallStatus(SimulatedThread thread, string name, params ReadOnlySpan<ulong> arguments) => (int)Call(thread, name, arguments);

    /// <summary>Runs a step on a simulated thread of its own and waits for its end.</summary>
    /// <returns>False if the machine stopped in it.</returns>
    internal bool Run(Action<SimulatedThread> step) => ControlThread.Run(Kernel, "test", step);

    /// <summary>Starts a step on a simulated thread of its own, for which the host does not wait.</summary>
    internal RunningStep Start(Action<SimulatedThread> step)
    {
        RunningStep running = new();
        Kernel.Threads.Start("test step", thread => running.Run(() => step(thread)));
        return running;
    }

    /// <summary>Memory of the kernel's, as an address.</summary>
    internal ulong Memory(int size) => (ulong)Kernel.Memory.Allocate(size);

    /// <summary>A KMUTEX, initialised.</summary>
    internal ulong Mutex(SimulatedThread thread)
    {
        ulong mutex = Memory(0x38);
        Call(thread, "KeInitializeMutex", mutex, 0);
        return mutex;
    }

    /// <summary>KeWaitForSingleObject without an end.</summary>
    internal int Wait(SimulatedThread thread, ulong waited) => CallStatus(thread, "KeWaitForSingleObject", waited, 0, 0, 0, 0);

    /// <summary>KeWaitForSingleObject with a timeout in units of 100 ns, negative from now.</summary>
    internal int Wait(SimulatedThread thread, ulong waited, long timeout) =>
        CallStatus(thread, "KeWaitForSingleObject", waited, 0, 0, 0, (ulong)&timeout);

    internal int Release(SimulatedThread thread, ulong mutex) => CallStatus(thread, "KeReleaseMutex", mutex, 0);

    internal long Clock(SimulatedThread thread) => (long)Call(thread, "KeQueryPerformanceCounter", 0);

    internal int Waiters(ulong waited) => Kernel.Dispatcher.Find((nuint)waited)!.WaiterCount;

    /// <summary>Lets other threads go on until something is so.</summary>
    internal static void Until(Func<bool> condition, string what) =>
        Assert.True(SpinWait.SpinUntil(condition, Patience), $"Not within {Patience.TotalSeconds} s: {what}.");

    public void Dispose()
    {
        Until(() => Kernel.Threads.Alive.Count == 0, "every simulated thread has ended");
        Kernel.Dispose();
    }
}
