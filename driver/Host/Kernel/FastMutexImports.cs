namespace Tracing.Host.Kernel;

/// <summary>
/// Fast mutexes. The lock is the driver's own FAST_MUTEX, whose fields wdm.h makes public: a count that is 1 when free, the owner, and the IRQL to
/// return to. DDI pages: ExAcquireFastMutex, ExTryToAcquireFastMutex, ExReleaseFastMutex.
/// </summary>
internal sealed unsafe class FastMutexImports : IImportFamily
{
    internal const int Size = 0x38;

    private const int OwnerOffset = 0x08;
    private const int OldIrqlOffset = 0x30;

    private readonly SimulatedKernel _kernel;

    internal FastMutexImports(SimulatedKernel kernel)
    {
        _kernel = kernel;
        Imports =
        [
            new("ExAcquireFastMutex", IrqlRange.UpToApc, ExAcquireFastMutex),
            new("ExTryToAcquireFastMutex", IrqlRange.UpToApc, ExTryToAcquireFastMutex),
            new("ExReleaseFastMutex", new IrqlRange(Irql.Apc, Irql.Apc), ExReleaseFastMutex),
        ];
    }

    /// <inheritdoc/>
    public IReadOnlyList<Import> Imports { get; }

    /// <summary>DDI: ExAcquireFastMutex. Returns at APC_LEVEL.</summary>
    private ulong ExAcquireFastMutex(SimulatedThread caller, KernelCall call)
    {
        nuint mutex = (nuint)call.Writable(0, caller, Size);
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

        SpinWait spin = default;
        while (!TryTake(caller, mutex))
        {
            if (_kernel.Stopped is not null)
            {
                throw new DriverEscapeException();
            }

            spin.SpinOnce(sleep1Threshold: -1);
        }

        return KernelResult.Void;
    }

    /// <summary>DDI: ExTryToAcquireFastMutex. Returns at APC_LEVEL if it has acquired.</summary>
    private ulong ExTryToAcquireFastMutex(SimulatedThread caller, KernelCall call) =>
        KernelResult.Byte(TryTake(caller, (nuint)call.Writable(0, caller, Size)) ? (byte)1 : (byte)0);

    /// <summary>DDI: ExReleaseFastMutex. Returns at the IRQL that the acquire found.</summary>
    private ulong ExReleaseFastMutex(SimulatedThread caller, KernelCall call)
    {
        nuint mutex = (nuint)call.Writable(0, caller, Size);
        if (Volatile.Read(ref OwnerOf(mutex)) != caller.Address)
        {
            _kernel.Violate(caller, call, "ExReleaseFastMutex", "the fast mutex is not held by the thread that releases it");
            return KernelResult.Void;
        }

        caller.Irql = *(byte*)(mutex + OldIrqlOffset);
        OwnerOf(mutex) = 0;
        Volatile.Write(ref CountOf(mutex), 1);
        return KernelResult.Void;
    }

    private static bool TryTake(SimulatedThread caller, nuint mutex)
    {
        if (Interlocked.CompareExchange(ref CountOf(mutex), 0, 1) != 1)
        {
            return false;
        }

        Volatile.Write(ref OwnerOf(mutex), caller.Address);
        *(uint*)(mutex + OldIrqlOffset) = caller.Irql;
        caller.Irql = Irql.Apc;
        return true;
    }

    private static ref int CountOf(nuint mutex) => ref *(int*)mutex;

    private static ref nuint OwnerOf(nuint mutex) => ref *(nuint*)(mutex + OwnerOffset);
}
