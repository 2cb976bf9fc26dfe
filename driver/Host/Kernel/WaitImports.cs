namespace Tracing.Host.Kernel;

/// <summary>
/// Mutexes, events and the wait for them. DDI pages: KeInitializeMutex, KeReleaseMutex, KeReadStateMutex, KeInitializeEvent, KeSetEvent,
/// KeClearEvent, KeResetEvent, KeReadStateEvent, KeWaitForSingleObject, KeDelayExecutionThread.
/// </summary>
/// <remarks>No alert and no APC comes to a simulated thread but by a <see cref="FaultPlan"/>. A timeout is rounded up to whole
/// milliseconds.</remarks>
internal sealed unsafe class WaitImports : IImportFamily
{
    private const byte KernelMode = 0;
    private const int DeepestRecursion = int.MaxValue;

    private readonly SimulatedKernel _kernel;

    internal WaitImports(SimulatedKernel kernel)
    {
        _kernel = kernel;
        Imports =
        [
            new("KeInitializeMutex", "wdm/nf-wdm-keinitializemutex", IrqlRange.Any, KeInitializeMutex)
            {
                Rules = ["resident storage, aligned to 8 bytes", "no KMUTEX in it that a thread owns"],
            },
            new("KeReleaseMutex", "wdm/nf-wdm-kereleasemutex", IrqlRange.UpToDispatch, KeReleaseMutex)
            {
                Rules = ["by the thread that owns it", "at DISPATCH_LEVEL if it was acquired there, else below"],
            },
            new("KeReadStateMutex", "wdm/nf-wdm-kereadstatemutex", IrqlRange.UpToDispatch, KeReadStateMutex)
            {
                Rules = ["an initialised KMUTEX"],
            },
            new("KeInitializeEvent", "wdm/nf-wdm-keinitializeevent", IrqlRange.Any, KeInitializeEvent)
            {
                Rules = ["resident storage, aligned to 8 bytes"],
            },
            new("KeSetEvent", "wdm/nf-wdm-kesetevent", IrqlRange.UpToDispatch, KeSetEvent) { Rules = ["an initialised KEVENT"] },
            new("KeClearEvent", "wdm/nf-wdm-keclearevent", IrqlRange.UpToDispatch, KeClearEvent) { Rules = ["an initialised KEVENT"] },
            new("KeResetEvent", "wdm/nf-wdm-keresetevent", IrqlRange.UpToDispatch, KeResetEvent) { Rules = ["an initialised KEVENT"] },
            new("KeReadStateEvent", "wdm/nf-wdm-kereadstateevent", IrqlRange.UpToDispatch, KeReadStateEvent)
            {
                Rules = ["an initialised KEVENT"],
            },
            new("KeWaitForSingleObject", "wdm/nf-wdm-kewaitforsingleobject", IrqlRange.UpToDispatch, KeWaitForSingleObject)
            {
                Rules =
                [
                    "an initialised dispatcher object",
                    "without a timeout, or with one other than zero, at <= APC_LEVEL only",
                    "a KMUTEX in KernelMode only, and not more often than it can count",
                ],
                Failures =
                [
                    new("STATUS_TIMEOUT", TimeOut) { MayHappen = MayTimeOut },
                    new("STATUS_ABANDONED", WaitForAbandoned) { MayHappen = MayBeAbandoned, IsNamed = false },
                    ImportFailure.Of("STATUS_ALERTED", NtStatus.Alerted) with { MayHappen = static (_, call) => call.Byte(3) != 0 },
                    ImportFailure.Of("STATUS_USER_APC", NtStatus.UserApc) with { MayHappen = static (_, call) => call.Byte(2) != KernelMode },
                ],
            },
            new("KeDelayExecutionThread", "wdm/nf-wdm-kedelayexecutionthread", IrqlRange.UpToApc, KeDelayExecutionThread)
            {
                Failures =
                [
                    ImportFailure.Of("STATUS_ALERTED", NtStatus.Alerted) with { MayHappen = static (_, call) => call.Byte(1) != 0 },
                    ImportFailure.Of("STATUS_USER_APC", NtStatus.UserApc) with { MayHappen = static (_, call) => call.Byte(0) != KernelMode },
                ],
            },
        ];
    }

    /// <inheritdoc/>
    public IReadOnlyList<Import> Imports { get; }

    /// <summary>DDI: KeInitializeMutex.</summary>
    private ulong KeInitializeMutex(SimulatedThread caller, KernelCall call)
    {
        nuint address = call.Address(0);
        CheckStorage(caller, call, "KeInitializeMutex", KernelMutex.Size);
        if (_kernel.Dispatcher.Find(address) is KernelMutex { Owner: { } owner })
        {
            _kernel.Violate(caller, call, "KeInitializeMutex", $"the KMUTEX is initialised anew while thread {owner.Id} owns it");
        }

        _kernel.Dispatcher.PlaceMutex(address);
        return KernelResult.Void;
    }

    /// <summary>
    /// DDI: KeReleaseMutex. Raises for a mutex of another owner or of another side of DISPATCH_LEVEL, which no driver of ours can catch.
    /// </summary>
    private ulong KeReleaseMutex(SimulatedThread caller, KernelCall call)
    {
        long entered = _kernel.Clock.Now;
        KernelMutex mutex = Expect<KernelMutex>(caller, call, "KeReleaseMutex", "KMUTEX");
        lock (mutex.Gate)
        {
            if (mutex.Owner != caller)
            {
                string owner = mutex.Owner is null ? "nobody owns it" : $"thread {mutex.Owner.Id} owns it";
                throw _kernel.StopForViolation(
                    caller,
                    call,
                    "KeReleaseMutex",
                    $"thread {caller.Id} releases a KMUTEX, but {owner} (STATUS_MUTANT_NOT_OWNED)",
                    BugCheckCode.KModeExceptionNotHandled,
                    unchecked((uint)NtStatus.MutantNotOwned));
            }

            if (mutex.TakenAtDispatch != caller.Irql >= Irql.Dispatch)
            {
                throw _kernel.StopForViolation(
                    caller,
                    call,
                    "KeReleaseMutex",
                    $"a KMUTEX acquired {(mutex.TakenAtDispatch ? "at" : "below")} DISPATCH_LEVEL is released at {Irql.Name(caller.Irql)}",
                    BugCheckCode.KModeExceptionNotHandled,
                    unchecked((uint)NtStatus.MutantNotOwned));
            }

            if (mutex.Depth == 1)
            {
                caller.Ledger.Release(mutex.Ledger, entered);
            }

            // The result is the signal state before: 0 was held once and is free now, negative was held deeper.
            int before = 1 - mutex.Depth;
            mutex.Release(_kernel.Clock.Now);
            return KernelResult.Int32(before);
        }
    }

    /// <summary>DDI: KeReadStateMutex.</summary>
    private ulong KeReadStateMutex(SimulatedThread caller, KernelCall call) =>
        KernelResult.Int32(1 - Expect<KernelMutex>(caller, call, "KeReadStateMutex", "KMUTEX").Depth);

    /// <summary>DDI: KeInitializeEvent.</summary>
    private ulong KeInitializeEvent(SimulatedThread caller, KernelCall call)
    {
        nuint address = call.Address(0);
        CheckStorage(caller, call, "KeInitializeEvent", KernelEvent.Size);
        _kernel.Dispatcher.Place(new KernelEvent(address, notification: call.Int32(1) == 0, set: call.Byte(2) != 0));
        return KernelResult.Void;
    }

    /// <summary>DDI: KeSetEvent.</summary>
    private ulong KeSetEvent(SimulatedThread caller, KernelCall call) =>
        KernelResult.Int32(Expect<KernelEvent>(caller, call, "KeSetEvent", "KEVENT").Set(_kernel.Clock.Now) ? 1 : 0);

    /// <summary>DDI: KeClearEvent.</summary>
    private ulong KeClearEvent(SimulatedThread caller, KernelCall call)
    {
        _ = Expect<KernelEvent>(caller, call, "KeClearEvent", "KEVENT").Clear();
        return KernelResult.Void;
    }

    /// <summary>DDI: KeResetEvent.</summary>
    private ulong KeResetEvent(SimulatedThread caller, KernelCall call) =>
        KernelResult.Int32(Expect<KernelEvent>(caller, call, "KeResetEvent", "KEVENT").Clear() ? 1 : 0);

    /// <summary>DDI: KeReadStateEvent.</summary>
    private ulong KeReadStateEvent(SimulatedThread caller, KernelCall call)
    {
        KernelEvent read = Expect<KernelEvent>(caller, call, "KeReadStateEvent", "KEVENT");
        return KernelResult.Int32(((DispatcherHeader*)read.Address)->SignalState);
    }

    /// <summary>DDI: KeWaitForSingleObject. At DISPATCH_LEVEL only with a timeout of zero.</summary>
    private ulong KeWaitForSingleObject(SimulatedThread caller, KernelCall call) =>
        KernelResult.Int32(Wait(caller, call) ? NtStatus.Success : NtStatus.Timeout);

    /// <summary>
    /// The same for a mutex whose owner ended without releasing it: it is acquired all the same. DDI: KeWaitForMultipleObjects, which names the status.
    /// </summary>
    private ulong WaitForAbandoned(SimulatedThread caller, KernelCall call) =>
        KernelResult.Int32(Wait(caller, call) ? NtStatus.Abandoned : NtStatus.Timeout);

    /// <summary>A mutex that the caller does not own already.</summary>
    private bool MayBeAbandoned(SimulatedThread caller, KernelCall call) =>
        _kernel.Dispatcher.Find(call.Address(0)) is KernelMutex mutex && mutex.Owner != caller;

    /// <summary>With a timeout, for anything but a mutex that the caller owns: another thread may have been quicker.</summary>
    private bool MayTimeOut(SimulatedThread caller, KernelCall call) =>
        call.Address(4) != 0
        && _kernel.Dispatcher.Find(call.Address(0)) is { } waited
        && !(waited is KernelMutex mutex && mutex.Owner == caller);

    /// <summary>The time is up, whatever the object's state.</summary>
    private ulong TimeOut(SimulatedThread caller, KernelCall call)
    {
        bool tryOnly = *(long*)call.Readable(4, caller, sizeof(long)) == 0;
        if (_kernel.Dispatcher.Find(call.Address(0)) is KernelMutex mutex)
        {
            Record(caller, mutex, _kernel.Clock.Now, tryOnly, default);
        }

        return KernelResult.Int32(NtStatus.Timeout);
    }

    /// <summary>Waits as a call asks.</summary>
    /// <returns>Whether the object was had; else the time was up.</returns>
    private bool Wait(SimulatedThread caller, KernelCall call)
    {
        long entered = _kernel.Clock.Now;
        DispatcherObject waited = Expect<DispatcherObject>(caller, call, "KeWaitForSingleObject", "dispatcher object");
        long* timeout = call.Address(4) == 0 ? null : (long*)call.Readable(4, caller, sizeof(long));
        bool tryOnly = timeout is not null && *timeout == 0;
        if (!tryOnly && caller.Irql > Irql.Apc)
        {
            _kernel.Violate(
                caller,
                call,
                "KeWaitForSingleObject",
                $"a wait that can block, at {Irql.Name(caller.Irql)}; its DDI page allows that {IrqlRange.UpToApc}");
        }

        if (waited is KernelMutex && call.Byte(2) != KernelMode)
        {
            _kernel.Violate(caller, call, "KeWaitForSingleObject", "a KMUTEX is waited for in user mode; its DDI page wants KernelMode");
        }

        RefuseDeeperRecursion(caller, call, waited);
        int milliseconds = timeout is null ? DispatcherWait.Forever : DispatcherWait.Milliseconds(*timeout, _kernel.Clock);
        WaitOutcome outcome = DispatcherWait.Wait(caller, waited, milliseconds);
        if (waited is KernelMutex mutex)
        {
            Record(caller, mutex, entered, tryOnly, outcome);
        }

        return outcome.Satisfied;
    }

    /// <summary>DDI: KeDelayExecutionThread.</summary>
    private ulong KeDelayExecutionThread(SimulatedThread caller, KernelCall call)
    {
        long* interval = (long*)call.Readable(2, caller, sizeof(long));
        DispatcherWait.Sleep(caller, DispatcherWait.Milliseconds(*interval, _kernel.Clock));
        return KernelResult.Int32(NtStatus.Success);
    }

    private static void Record(SimulatedThread caller, KernelMutex mutex, long entered, bool tryOnly, WaitOutcome outcome)
    {
        if (outcome.Satisfied)
        {
            caller.Ledger.Acquire(
                mutex.Ledger, isOutermost: mutex.Depth == 1, mutex.LastAcquire, entered, outcome.GrantedAt, couldBlock: !tryOnly, outcome.Blocked);
        }
        else if (tryOnly)
        {
            caller.Ledger.FailTry(mutex.Ledger);
        }
        else
        {
            mutex.Ledger.CountTimedOut();
        }
    }

    private void RefuseDeeperRecursion(SimulatedThread caller, KernelCall call, DispatcherObject waited)
    {
        if (waited is KernelMutex { Depth: DeepestRecursion } mutex && mutex.Owner == caller)
        {
            throw _kernel.StopForViolation(
                caller,
                call,
                "KeWaitForSingleObject",
                "a KMUTEX is acquired more often than it can count (STATUS_MUTANT_LIMIT_EXCEEDED)",
                BugCheckCode.KModeExceptionNotHandled,
                unchecked((uint)NtStatus.MutantLimitExceeded));
        }
    }

    private void CheckStorage(SimulatedThread caller, KernelCall call, string routine, int size)
    {
        nuint address = call.Address(0);
        if (address % 8 != 0)
        {
            throw _kernel.StopForViolation(
                caller,
                call,
                routine,
                $"storage at 0x{address:X}; its DDI page wants resident memory, 8-byte aligned on x64",
                BugCheckCode.DriverVerifierDetectedViolation,
                address);
        }

        call.Writable(0, caller, size);
    }

    private T Expect<T>(SimulatedThread caller, KernelCall call, string routine, string kind)
        where T : DispatcherObject =>
        _kernel.Dispatcher.Find(call.Address(0)) as T ?? throw _kernel.StopForViolation(
            caller,
            call,
            routine,
            $"no initialised {kind} is at 0x{call.Address(0):X}",
            BugCheckCode.DriverVerifierDetectedViolation,
            call.Address(0));
}
