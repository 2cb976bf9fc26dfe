namespace Tracing.Host.Kernel;

/// <summary>
/// Spin locks. The lock is the driver's own word, zero when free, else the owner's address with bit 0 set. DDI pages:
/// KeAcquireSpinLockRaiseToDpc, KeReleaseSpinLock, KeAcquireSpinLockAtDpcLevel, KeReleaseSpinLockFromDpcLevel, KeRaiseIrql (KfRaiseIrql),
/// KeLowerIrql.
/// </summary>
internal sealed unsafe class SpinLockImports : IImportFamily
{
    private readonly SimulatedKernel _kernel;
    private long _releases;

    internal SpinLockImports(SimulatedKernel kernel)
    {
        _kernel = kernel;
        Imports =
        [
            new("KeAcquireSpinLockRaiseToDpc", "wdm/nf-wdm-keacquirespinlockraisetodpc", IrqlRange.UpToDispatch, KeAcquireSpinLockRaiseToDpc)
            {
                Rules = ["not by the thread that holds it"],
            },
            new("KeReleaseSpinLock", "wdm/nf-wdm-kereleasespinlock", IrqlRange.Dispatch, KeReleaseSpinLock)
            {
                Rules =
                [
                    "by the thread that holds it",
                    "to no higher IRQL, and not below DISPATCH_LEVEL while another spin lock is held",
                ],
            },
            new("KeAcquireSpinLockAtDpcLevel", "wdm/nf-wdm-keacquirespinlockatdpclevel", new IrqlRange(Irql.Dispatch, Irql.High), KeAcquireSpinLockAtDpcLevel)
            {
                Rules = ["not by the thread that holds it"],
            },
            new("KeReleaseSpinLockFromDpcLevel", "wdm/nf-wdm-kereleasespinlockfromdpclevel", IrqlRange.Dispatch, KeReleaseSpinLockFromDpcLevel)
            {
                Rules = ["by the thread that holds it"],
            },
            new("KfRaiseIrql", "wdm/nf-wdm-keraiseirql", IrqlRange.Any, KfRaiseIrql) { Rules = ["to no lower IRQL"] },
            new("KeLowerIrql", "wdm/nf-wdm-kelowerirql", IrqlRange.Any, KeLowerIrql)
            {
                Rules = ["to no higher IRQL, and not below DISPATCH_LEVEL while a spin lock is held"],
            },
        ];
    }

    /// <inheritdoc/>
    public IReadOnlyList<Import> Imports { get; }

    /// <summary>DDI: KeAcquireSpinLockRaiseToDpc.</summary>
    private ulong KeAcquireSpinLockRaiseToDpc(SimulatedThread caller, KernelCall call)
    {
        byte before = caller.Irql;
        caller.Irql = Math.Max(before, Irql.Dispatch);
        Acquire(caller, call, "KeAcquireSpinLockRaiseToDpc");
        return KernelResult.Byte(before);
    }

    /// <summary>DDI: KeReleaseSpinLock.</summary>
    private ulong KeReleaseSpinLock(SimulatedThread caller, KernelCall call)
    {
        Release(caller, call, "KeReleaseSpinLock");
        Lower(caller, call, "KeReleaseSpinLock", call.Byte(1));
        return KernelResult.Void;
    }

    /// <summary>DDI: KeAcquireSpinLockAtDpcLevel.</summary>
    private ulong KeAcquireSpinLockAtDpcLevel(SimulatedThread caller, KernelCall call)
    {
        Acquire(caller, call, "KeAcquireSpinLockAtDpcLevel");
        return KernelResult.Void;
    }

    /// <summary>DDI: KeReleaseSpinLockFromDpcLevel.</summary>
    private ulong KeReleaseSpinLockFromDpcLevel(SimulatedThread caller, KernelCall call)
    {
        Release(caller, call, "KeReleaseSpinLockFromDpcLevel");
        return KernelResult.Void;
    }

    /// <summary>DDI: KeRaiseIrql, a macro over KfRaiseIrql on x64.</summary>
    private ulong KfRaiseIrql(SimulatedThread caller, KernelCall call)
    {
        byte before = caller.Irql;
        byte wanted = call.Byte(0);
        if (wanted < before)
        {
            _kernel.Violate(caller, call, "KfRaiseIrql", $"raises from {Irql.Name(before)} to {Irql.Name(wanted)}, which is lower");
        }

        caller.Irql = wanted;
        return KernelResult.Byte(before);
    }

    /// <summary>DDI: KeLowerIrql.</summary>
    private ulong KeLowerIrql(SimulatedThread caller, KernelCall call)
    {
        Lower(caller, call, "KeLowerIrql", call.Byte(0));
        return KernelResult.Void;
    }

    private void Acquire(SimulatedThread caller, KernelCall call, string routine)
    {
        ref nuint word = ref *(nuint*)call.Writable(0, caller, sizeof(nuint));
        nuint mine = caller.Address | 1;
        if (Volatile.Read(ref word) == mine)
        {
            throw _kernel.StopForViolation(
                caller,
                call,
                routine,
                $"thread {caller.Id} acquires a spin lock it holds; on Windows the processor would spin for ever",
                BugCheckCode.DriverVerifierDetectedViolation,
                call.Address(0));
        }

        SpinWait spin = default;
        while (Interlocked.CompareExchange(ref word, mine, 0) != 0)
        {
            if (_kernel.Stopped is not null)
            {
                throw new DriverEscapeException();
            }

            if (caller.Turn is null)
            {
                spin.SpinOnce(sleep1Threshold: -1);
            }
            else
            {
                AwaitRelease(caller, call);
            }
        }

        caller.SpinLocks++;
    }

    /// <summary>Under a schedule a thread does not spin: others go on until one of them releases a spin lock.</summary>
    private void AwaitRelease(SimulatedThread caller, KernelCall call)
    {
        long seen = _releases;
        if (!_kernel.Schedule!.Wait(caller.Turn!, () => _releases != seen, spins: true))
        {
            _kernel.Threads.StopForDeadlock();
        }

        // It may have been freed meanwhile.
        _ = call.Writable(0, caller, sizeof(nuint));
    }

    private void Release(SimulatedThread caller, KernelCall call, string routine)
    {
        ref nuint word = ref *(nuint*)call.Writable(0, caller, sizeof(nuint));
        if (Volatile.Read(ref word) != (caller.Address | 1))
        {
            _kernel.Violate(caller, call, routine, "the spin lock is not held by the thread that releases it");
            return;
        }

        caller.SpinLocks--;
        Volatile.Write(ref word, 0);
        _releases++;
    }

    private void Lower(SimulatedThread caller, KernelCall call, string routine, byte irql)
    {
        if (irql > caller.Irql)
        {
            _kernel.Violate(caller, call, routine, $"lowers from {Irql.Name(caller.Irql)} to {Irql.Name(irql)}, which is higher");
        }

        if (irql < Irql.Dispatch && caller.SpinLocks > 0)
        {
            _kernel.Violate(caller, call, routine, $"lowers to {Irql.Name(irql)} while a spin lock is held");
        }

        caller.Irql = irql;
        DpcImports.RunPending(caller);
    }
}
