using System.Collections.Concurrent;

namespace Tracing.Host.Kernel;

/// <summary>
/// System threads and the handles to them. Thread-safe. DDI pages: PsCreateSystemThread, PsTerminateSystemThread, PsGetCurrentThreadId,
/// PsGetCurrentProcessId, KeGetCurrentThread, ObReferenceObjectByHandle, ObfReferenceObject (ObReferenceObject), ObfDereferenceObject
/// (ObDereferenceObject), ZwWaitForSingleObject, ZwClose.
/// </summary>
internal sealed unsafe class ThreadImports : IImportFamily, IDisposable
{
    /// <summary>The System process, which all simulated threads belong to.</summary>
    internal const uint SystemProcessId = 4;

    /// <summary>Kernel handles have the high bit set, so that no process mistakes them for its own.</summary>
    private const ulong KernelHandleBit = 0x8000_0000;

    private readonly SimulatedKernel _kernel;
    private readonly ConcurrentDictionary<ulong, SimulatedThread> _handles = new();
    private readonly ConcurrentDictionary<uint, SimulatedThread> _threads = new();
    private readonly ConcurrentBag<SimulatedThread> _ended = [];
    private uint _lastId = SystemProcessId;
    private long _lastHandle = 0x200;

    internal ThreadImports(SimulatedKernel kernel)
    {
        _kernel = kernel;
        Imports =
        [
            new("PsCreateSystemThread", "wdm/nf-wdm-pscreatesystemthread", IrqlRange.Passive, PsCreateSystemThread)
            {
                Rules = ["the thread has ended before the driver is unloaded", "its handle is closed"],
                Failures = [ImportFailure.Of("STATUS_INSUFFICIENT_RESOURCES", NtStatus.InsufficientResources) with { IsNamed = false }],
            },
            new("PsTerminateSystemThread", "wdm/nf-wdm-psterminatesystemthread", IrqlRange.Passive, static (_, _) => throw new DriverEscapeException())
            {
                Rules = ["no KMUTEX owned"],
            },
            new("PsGetCurrentThreadId", "ntddk/nf-ntddk-psgetcurrentthreadid", IrqlRange.Any, static (caller, _) => caller.Id),
            new("PsGetCurrentProcessId", "ntddk/nf-ntddk-psgetcurrentprocessid", IrqlRange.Any, static (_, _) => SystemProcessId),
            new("KeGetCurrentThread", "wdm/nf-wdm-kegetcurrentthread", IrqlRange.Any, static (caller, _) => caller.Address),
            new("ObReferenceObjectByHandle", "wdm/nf-wdm-obreferenceobjectbyhandle", IrqlRange.Passive, ObReferenceObjectByHandle)
            {
                Failures = [ImportFailure.Of("STATUS_ACCESS_DENIED", NtStatus.AccessDenied)],
            },
            new("ObfReferenceObject", "wdm/nf-wdm-obreferenceobject", IrqlRange.UpToDispatch, ObfReferenceObject)
            {
                Rules = ["a referenced object"],
            },
            new("ObfDereferenceObject", "wdm/nf-wdm-obdereferenceobject", IrqlRange.UpToDispatch, ObfDereferenceObject)
            {
                Rules = ["a referenced object"],
            },
            new("ZwWaitForSingleObject", "ntifs/nf-ntifs-zwwaitforsingleobject", IrqlRange.Passive, ZwWaitForSingleObject),
            new("ZwClose", "ntifs/nf-ntifs-ntclose", IrqlRange.Passive, ZwClose) { Rules = ["an open handle"] },
        ];
    }

    /// <inheritdoc/>
    public IReadOnlyList<Import> Imports { get; }

    /// <summary>The threads that have not ended.</summary>
    internal IReadOnlyCollection<SimulatedThread> Alive => [.. _threads.Values];

    /// <summary>Whether threads can still go on.</summary>
    internal Liveness Liveness { get; } = new();

    /// <summary>Handles the driver has not closed.</summary>
    internal int OpenHandles => _handles.Count;

    /// <summary>Starts a simulated thread.</summary>
    /// <param name="name">What debuggers show.</param>
    /// <param name="work">What it does.</param>
    internal void Start(string name, Action<SimulatedThread> work) => Begin(Create(madeByDriver: false), name, work);

    /// <summary>Buries a thread that has left the driver for good: what it may not leave behind is judged here.</summary>
    internal void End(SimulatedThread thread)
    {
        // What a thread holds when the machine stops is the stop's doing.
        if (_kernel.Stopped is null)
        {
            if (thread.Irql != Irql.Passive)
            {
                _kernel.Blame(
                    $"Thread {thread.Id} ended at {Irql.Name(thread.Irql)}; PsTerminateSystemThread allows {IrqlRange.Passive}.");
            }

            MutexLedger[] held = [.. thread.Ledger.Held.Where(mutex => !mutex.IsFast)];
            if (held.Length > 0)
            {
                string sentence = $"Thread {thread.Id} ended while it owned {held.Length} KMUTEX.";
                _kernel.Violations.Add(sentence);
                _kernel.Stop(new BugCheckStop(BugCheckCode.ThreadTerminateHeldMutex, thread.Address, held[0].Address, 0, 0, sentence));
            }
        }

        thread.SignalEnd();
        Dereference(thread);
        _ended.Add(thread);
        if (Liveness.End())
        {
            StopForDeadlock();
        }

        if (thread.Turn is not null && !_kernel.Schedule!.End(thread.Turn))
        {
            StopForDeadlock();
        }

        // Last: who sees no thread alive may free what threads use.
        _threads.TryRemove(thread.Id, out _);
    }

    /// <summary>Stops a machine in which every thread waits.</summary>
    internal void StopForDeadlock()
    {
        // Once the machine has stopped, waits end otherwise than by a grant, and are not counted.
        if (_kernel.Stopped is null)
        {
            IEnumerable<string> waits = Alive
                .OrderBy(thread => thread.Id)
                .Select(thread => thread.WaitsFor is { } waited ? $"thread {thread.Id} waits for a {Describe(waited)}" : "")
                .Where(wait => wait.Length > 0);
            _kernel.Stop(new DeadlockStop(string.Join("; ", waits)));
        }
    }

    /// <summary>Wakes every thread that waits, for the machine has stopped.</summary>
    internal void WakeAll()
    {
        foreach (SimulatedThread thread in _threads.Values)
        {
            thread.Wakeup.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (SimulatedThread thread in _ended)
        {
            thread.Dispose();
        }
    }

    /// <summary>DDI: PsCreateSystemThread.</summary>
    private ulong PsCreateSystemThread(SimulatedThread caller, KernelCall call)
    {
        void* routine = (void*)call.Address(5);
        ulong* result = (ulong*)call.Writable(0, caller, sizeof(ulong));
        ulong context = call.UInt64(6);
        SimulatedThread thread = Create(madeByDriver: true);

        // The handle is there, and refers to the thread, before the thread runs: it may be over in no time.
        thread.Reference();
        ulong handle = (ulong)Interlocked.Add(ref _lastHandle, 4) | KernelHandleBit | 0xFFFF_FFFF_0000_0000;
        _handles[handle] = thread;
        *result = handle;
        Begin(thread, "driver thread", started => DriverCall.Invoke(started, routine, context));
        return KernelResult.Int32(NtStatus.Success);
    }

    /// <summary>DDI: ObReferenceObjectByHandle.</summary>
    private ulong ObReferenceObjectByHandle(SimulatedThread caller, KernelCall call)
    {
        void** result = (void**)call.Writable(4, caller, sizeof(void*));
        if (!_handles.TryGetValue(call.UInt64(0), out SimulatedThread? thread))
        {
            *result = null;
            return KernelResult.Int32(NtStatus.InvalidHandle);
        }

        thread.Reference();
        *result = (void*)thread.Address;
        return KernelResult.Int32(NtStatus.Success);
    }

    /// <summary>DDI: ZwWaitForSingleObject.</summary>
    private ulong ZwWaitForSingleObject(SimulatedThread caller, KernelCall call)
    {
        if (!_handles.TryGetValue(call.UInt64(0), out SimulatedThread? thread))
        {
            return KernelResult.Int32(NtStatus.InvalidHandle);
        }

        int milliseconds = call.Address(2) == 0
            ? DispatcherWait.Forever
            : DispatcherWait.Milliseconds(*(long*)call.Readable(2, caller, sizeof(long)), _kernel.Clock);
        return KernelResult.Int32(DispatcherWait.Wait(caller, thread, milliseconds).Satisfied ? NtStatus.Success : NtStatus.Timeout);
    }

    /// <summary>DDI: ObReferenceObject, a macro over this export.</summary>
    private ulong ObfReferenceObject(SimulatedThread caller, KernelCall call)
    {
        Expect(caller, call, "ObfReferenceObject").Reference();
        return KernelResult.Void;
    }

    /// <summary>DDI: ObDereferenceObject, a macro over this export.</summary>
    private ulong ObfDereferenceObject(SimulatedThread caller, KernelCall call) =>
        (ulong)Dereference(Expect(caller, call, "ObfDereferenceObject"));

    /// <summary>DDI: ZwClose.</summary>
    private ulong ZwClose(SimulatedThread caller, KernelCall call)
    {
        if (!_handles.TryRemove(call.UInt64(0), out SimulatedThread? thread))
        {
            throw _kernel.StopForViolation(
                caller,
                call,
                "ZwClose",
                $"the kernel handle 0x{call.UInt64(0):X} is not open",
                BugCheckCode.InvalidKernelHandle,
                call.UInt64(0));
        }

        Dereference(thread);
        return KernelResult.Int32(NtStatus.Success);
    }

    private SimulatedThread Create(bool madeByDriver)
    {
        uint id = Interlocked.Add(ref _lastId, 4);
        SimulatedThread thread = new(_kernel, id, (nuint)_kernel.Memory.Allocate(SimulatedThread.ObjectSize), madeByDriver);
        _threads[thread.Id] = thread;
        Liveness.Begin();
        _kernel.Dispatcher.Place(thread);
        return thread;
    }

    private static void Begin(SimulatedThread thread, string name, Action<SimulatedThread> work) =>
        new Thread(() => thread.Run(work)) { Name = name, IsBackground = true }.Start();

    private string Describe(DispatcherObject waited) => waited switch
    {
        KernelEvent { FastMutex: not null } passed when _kernel.FastMutexes.OwnerOf(passed) is { } owner =>
            $"FAST_MUTEX around 0x{waited.Address:X}, which thread {owner.Id} holds",
        KernelMutex { Owner: { } owner } => $"KMUTEX at 0x{waited.Address:X}, which thread {owner.Id} owns",
        SimulatedThread thread => $"thread, {thread.Id}, to end",
        _ => $"{waited.Kind} at 0x{waited.Address:X}",
    };

    private int Dereference(SimulatedThread thread)
    {
        int left = thread.Dereference();
        if (left == 0)
        {
            _kernel.Dispatcher.Remove(thread);
        }

        return left;
    }

    private SimulatedThread Expect(SimulatedThread caller, KernelCall call, string routine) =>
        _kernel.Dispatcher.Find(call.Address(0)) as SimulatedThread ?? throw _kernel.StopForViolation(
            caller, call, routine, $"no referenced object is at 0x{call.Address(0):X}", BugCheckCode.ReferenceByPointer, 0, call.Address(0));
}
