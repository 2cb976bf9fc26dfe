namespace Tracing.Host.Kernel;

/// <summary>
/// Fast mutexes. The lock is the driver's own FAST_MUTEX, whose fields wdm.h makes public: a count that is 1 when free, the owner, and the IRQL to
/// return to. DDI pages: ExAcquireFastMutex, ExTryToAcquireFastMutex, ExReleaseFastMutex.
/// </summary>
/// <remarks>
/// Each thread that wants the mutex takes one from the count, and who finds it taken waits for the event in it, which passes the mutex on: first in,
/// first out. ExInitializeFastMutex, an inline function of wdm.h, initialises that event.
/// </remarks>
internal sealed unsafe class FastMutexImports : IImportFamily
{
    internal const int Size = 0x38;

    private const int OwnerOffset = 0x08;
    private const int ContentionOffset = 0x10;
    private const int EventOffset = 0x18;
    private const int OldIrqlOffset = 0x30;

    private readonly SimulatedKernel _kernel;

    internal FastMutexImports(SimulatedKernel kernel)
    {
        _kernel = kernel;
        Imports =
        [
            new("ExAcquireFastMutex", "wdm/nf-wdm-exacquirefastmutex", IrqlRange.UpToApc, ExAcquireFastMutex)
            {
                Rules = ["an initialised FAST_MUTEX", "not by the thread that holds it"],
            },
            new("ExTryToAcquireFastMutex", "wdm/nf-wdm-extrytoacquirefastmutex", IrqlRange.UpToApc, ExTryToAcquireFastMutex)
            {
                Rules = ["an initialised FAST_MUTEX"],
            },
            new("ExReleaseFastMutex", "wdm/nf-wdm-exreleasefastmutex", new IrqlRange(Irql.Apc, Irql.Apc), ExReleaseFastMutex)
            {
                Rules = ["an initialised FAST_MUTEX", "by the thread that holds it"],
            },
        ];
    }

    /// <inheritdoc/>
    public IReadOnlyList<Import> Imports { get; }

    /// <summary>The thread that holds the fast mutex around an event, or null.</summary>
    internal SimulatedThread? OwnerOf(KernelEvent inside) =>
        _kernel.Dispatcher.Find(OwnerOf(inside.Address - EventOffset)) as SimulatedThread;

    /// <summary>DDI: ExAcquireFastMutex. Returns at APC_LEVEL.</summary>
    private ulong ExAcquireFastMutex(SimulatedThread caller, KernelCall call)
    {
        long entered = _kernel.Clock.Now;
        nuint mutex = Expect(caller, call, "ExAcquireFastMutex", out KernelEvent passed, out MutexLedger ledger);
        if (Volatile.Read(ref OwnerOf(mutex)) == caller.Address)
        {
            throw _kernel.StopForViolation(
                caller,
                call,
                "ExAcquireFastMutex",
                $"thread {caller.Id} acquires a fast mutex it holds; on Windows it would wait for ever",
                BugCheckCode.DriverVerifierDetectedViolation,
                mutex);
        }

        WaitOutcome outcome;
        if (Interlocked.Decrement(ref CountOf(mutex)) == 0)
        {
            outcome = new WaitOutcome(true, false, _kernel.Clock.Now);
        }
        else
        {
            Interlocked.Increment(ref *(int*)(mutex + ContentionOffset));
            outcome = DispatcherWait.Wait(caller, passed, DispatcherWait.Forever);
        }

        Own(caller, mutex);
        Record(caller, ledger, entered, couldBlock: true, outcome);
        return KernelResult.Void;
    }

    /// <summary>DDI: ExTryToAcquireFastMutex. Returns at APC_LEVEL if it has acquired.</summary>
    private ulong ExTryToAcquireFastMutex(SimulatedThread caller, KernelCall call)
    {
        long entered = _kernel.Clock.Now;
        nuint mutex = Expect(caller, call, "ExTryToAcquireFastMutex", out _, out MutexLedger ledger);
        if (Interlocked.CompareExchange(ref CountOf(mutex), 0, 1) != 1)
        {
            caller.Ledger.FailTry(ledger);
            return KernelResult.Byte(0);
        }

        Own(caller, mutex);
        Record(caller, ledger, entered, couldBlock: false, new WaitOutcome(true, false, _kernel.Clock.Now));
        return KernelResult.Byte(1);
    }

    /// <summary>DDI: ExReleaseFastMutex. Returns at the IRQL that the acquire found.</summary>
    private ulong ExReleaseFastMutex(SimulatedThread caller, KernelCall call)
    {
        long entered = _kernel.Clock.Now;
        nuint mutex = Expect(caller, call, "ExReleaseFastMutex", out KernelEvent passed, out MutexLedger ledger);
        if (Volatile.Read(ref OwnerOf(mutex)) != caller.Address)
        {
            _kernel.Violate(caller, call, "ExReleaseFastMutex", "the fast mutex is not held by the thread that releases it");
            return KernelResult.Void;
        }

        caller.Ledger.Release(ledger, entered);
        caller.Irql = *(byte*)(mutex + OldIrqlOffset);
        OwnerOf(mutex) = 0;
        if (Interlocked.Increment(ref CountOf(mutex)) <= 0)
        {
            _ = passed.Set(_kernel.Clock.Now);
        }

        return KernelResult.Void;
    }

    private static void Own(SimulatedThread caller, nuint mutex)
    {
        Volatile.Write(ref OwnerOf(mutex), caller.Address);
        *(uint*)(mutex + OldIrqlOffset) = caller.Irql;
        caller.Irql = Irql.Apc;
    }

    private static void Record(SimulatedThread caller, MutexLedger ledger, long entered, bool couldBlock, WaitOutcome outcome) => caller.Ledger.Acquire(
        ledger, isOutermost: true, ledger.CountAcquire(recursive: false), entered, outcome.GrantedAt, couldBlock, outcome.Blocked);

    private nuint Expect(SimulatedThread caller, KernelCall call, string routine, out KernelEvent passed, out MutexLedger ledger)
    {
        nuint mutex = (nuint)call.Writable(0, caller, Size);
        passed = _kernel.Dispatcher.Find(mutex + EventOffset) as KernelEvent ?? throw _kernel.StopForViolation(
            caller,
            call,
            routine,
            $"no initialised FAST_MUTEX is at 0x{mutex:X}",
            BugCheckCode.DriverVerifierDetectedViolation,
            mutex);
        ledger = _kernel.Dispatcher.LedgerOf(passed, mutex);
        return mutex;
    }

    private static ref int CountOf(nuint mutex) => ref *(int*)mutex;

    private static ref nuint OwnerOf(nuint mutex) => ref *(nuint*)(mutex + OwnerOffset);
}
