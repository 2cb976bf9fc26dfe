using Tracing.Host.Kernel;

namespace Tracing.Host.Injection;

/// <summary>Carries out a <see cref="FaultPlan"/>: counts the calls that may fail, and has some of them fail. Thread-safe.</summary>
internal sealed class FaultInjector
{
    private readonly Counter[][] _byImport;

    /// <summary>Prepares a plan.</summary>
    /// <exception cref="ArgumentException">The plan names an import or a failure that there is not.</exception>
    internal FaultInjector(FaultPlan plan, ImportTable imports)
    {
        foreach (InjectedFault fault in plan.Faults)
        {
            Check(fault, imports);
        }

        _byImport = new Counter[imports.Count][];
        for (int i = 0; i < imports.Count; i++)
        {
            Import import = imports[i];
            _byImport[i] = [.. import.Failures.Select((failure, index) => new Counter(
                import.Name,
                failure,
                [.. plan.Faults.Where(fault =>
                    fault.Import == import.Name && (fault.Failure is null ? index == 0 : fault.Failure == failure.Name))],
                plan.OneIn,
                SplitMix.Mix(plan.Seed + ((ulong)i << 8) + (ulong)index)))];
        }
    }

    /// <summary>What was counted, of failures that could have happened at all.</summary>
    internal IReadOnlyList<FallibleCalls> Counts =>
    [
        .. _byImport.SelectMany(counters => counters).Where(counter => counter.Calls > 0)
            .Select(counter => new FallibleCalls(counter.Import, counter.Failure.Name, counter.Calls, counter.Injected)),
    ];

    /// <summary>The failure that a call ends with, or null if it is to do what it is asked.</summary>
    internal ImportHandler? Choose(int import, SimulatedThread caller, KernelCall call)
    {
        foreach (Counter counter in _byImport[import])
        {
            if (counter.Failure.MayHappen(caller, call) && counter.Count())
            {
                return counter.Failure.Handler;
            }
        }

        return null;
    }

    private static void Check(InjectedFault fault, ImportTable imports)
    {
        if (!imports.TryFind(fault.Import, out int index) || imports[index].Failures.Count == 0)
        {
            IEnumerable<string> fallible = Enumerable.Range(0, imports.Count)
                .Select(number => imports[number]).Where(import => import.Failures.Count > 0).Select(import => import.Name);
            throw new ArgumentException($"No call of \"{fault.Import}\" can be made to fail; there are {string.Join(", ", fallible)}.");
        }

        IReadOnlyList<ImportFailure> failures = imports[index].Failures;
        if (fault.Failure is not null && !failures.Any(failure => failure.Name == fault.Failure))
        {
            throw new ArgumentException($"{fault.Import} does not fail with \"{fault.Failure}\"; it can fail with "
                + $"{string.Join(", ", failures.Select(failure => failure.Name))}.");
        }
    }

    private sealed class Counter(string import, ImportFailure failure, InjectedFault[] faults, int oneIn, ulong seed)
    {
        private long _calls;
        private long _injected;

        internal string Import { get; } = import;

        internal ImportFailure Failure { get; } = failure;

        internal long Calls => Interlocked.Read(ref _calls);

        internal long Injected => Interlocked.Read(ref _injected);

        /// <summary>Counts a call that may fail.</summary>
        /// <returns>Whether it does.</returns>
        internal bool Count()
        {
            long call = Interlocked.Increment(ref _calls);
            bool strikes = (oneIn > 0 && SplitMix.Mix(seed + (ulong)call) % (ulong)oneIn == 0)
                || Array.Exists(faults, fault => fault.Strikes(call));
            if (strikes)
            {
                Interlocked.Increment(ref _injected);
            }

            return strikes;
        }
    }
}
