using System.Collections.Immutable;
using Tracing.Host.Faults;
using Tracing.Host.Injection;
using Tracing.Host.Judge;
using Tracing.Host.Loading;
using Tracing.Host.Scheduling;
using Tracing.Host.Session;
using Tracing.Host.Thunks;

namespace Tracing.Host.Kernel;

/// <summary>
/// One simulated machine: the routines a driver imports, with real threads beneath. It loads one driver, and others that import from that one,
/// and is then done. Thread-safe where driver threads reach it; the members for the controlling thread say so.
/// </summary>
/// <remarks>
/// Every routine is declared once, with its IRQL range and its handler, in the table of its family; <see cref="Serve"/> is the one door. A
/// machine that has stopped (bug check, fault, deadlock, cancellation) serves nothing any more: whoever comes to the door leaves the
/// driver.
/// </remarks>
internal sealed unsafe class SimulatedKernel : IDisposable
{
    private readonly ImportStubs _stubs;
    private ImmutableArray<LoadedImage> _images = [];
    private StopCause? _stop;

    internal SimulatedKernel(TraceSession? session = null, FaultPlan? faults = null, Schedule? schedule = null, PoolKind pool = PoolKind.Ordinary)
    {
        FaultGuard.Arm();
        Schedule = schedule;
        Dispatcher = new DispatcherObjects();
        Threads = new ThreadImports(this);
        Pool = new PoolImports(this, pool);
        FastMutexes = new FastMutexImports(this);
        Processor = new ProcessorImports(this);
        Io = new IoImports(this);
        Etw = new EtwImports(this, session);
        Security = new SecurityImports();
        Imports = new ImportTable(Pool, new WaitImports(this), new SpinLockImports(this), FastMutexes, new DpcImports(this), Processor, Threads, Io, Etw, Security, new BugCheckImports(this));
        Injector = faults is null ? null : new FaultInjector(faults, Imports);
        _stubs = new ImportStubs(DriverCall.Thunks, Imports.Count);
    }

    /// <summary>The driver, once it is loaded: of several the first, which the others import from.</summary>
    internal LoadedImage? Image => _images is [var first, ..] ? first : null;

    /// <summary>Everything the machine exports.</summary>
    internal ImportTable Imports { get; }

    /// <summary>Has calls fail, or counts those that could; null in most runs.</summary>
    internal FaultInjector? Injector { get; }

    /// <summary>Which thread runs when; null in most runs, where they all do.</summary>
    internal Schedule? Schedule { get; }

    internal KernelClock Clock => Schedule?.Clock ?? KernelClock.Real;

    internal Violations Violations { get; } = new();

    /// <summary>Names functions of the first driver by their offset in its image; null if nobody can.</summary>
    internal Func<uint, string?>? FunctionNames { get; init; }

    /// <summary>Whether the machine stops at the first broken rule, or goes on and counts.</summary>
    internal bool StopsAtViolation { get; init; }

    internal KernelMemory Memory { get; } = new();

    internal DispatcherObjects Dispatcher { get; }

    internal PoolImports Pool { get; }

    internal FastMutexImports FastMutexes { get; }

    internal ProcessorImports Processor { get; }

    internal ThreadImports Threads { get; }

    internal IoImports Io { get; }

    internal EtwImports Etw { get; }

    internal SecurityImports Security { get; }

    /// <summary>Why the machine stopped, or null while it runs.</summary>
    internal StopCause? Stopped => Volatile.Read(ref _stop);

    /// <summary>Maps a driver and binds it to this machine, and to the drivers loaded before it. By the controlling thread.</summary>
    internal LoadedImage Load(ReadOnlySpan<byte> file, string path)
    {
        LoadedImage image = LoadedImage.Load(file, path, Resolve);
        _images = _images.Add(image);
        return image;
    }

    /// <summary>The address of an export as the driver would call it.</summary>
    internal void* Export(string name) =>
        Imports.TryFind(name, out int index) ? _stubs[index] : throw new InvalidOperationException($"No family declares {name}.");

    /// <summary>Serves a call of an import by driver code.</summary>
    internal ulong Serve(SimulatedThread thread, int index, KernelCall call)
    {
        if (Stopped is not null)
        {
            throw new DriverEscapeException();
        }

        if (thread.Turn is null)
        {
            return Handle(thread, index, call);
        }

        Schedule!.Clock.Tick();
        Schedule.Yield(thread.Turn);
        ulong result = Handle(thread, index, call);
        Schedule.Yield(thread.Turn);
        return result;
    }

    private ulong Handle(SimulatedThread thread, int index, KernelCall call)
    {
        Import import = Imports[index];
        thread.Serving = (import, (nuint)call.ReturnAddress);
        if (!import.Irql.Contains(thread.Irql))
        {
            Violate(thread, call, import.Name, $"called at {Irql.Name(thread.Irql)}; its DDI page allows {import.Irql}");
        }

        if (thread.Ledger.AwaitsNextCall)
        {
            thread.Ledger.EnterKernel(import.ReadsClock);
        }

        ImportHandler handler = Injector?.Choose(index, thread, call) ?? import.Handler;
        return handler(thread, call);
    }

    /// <summary>Records that a rule was broken by a call.</summary>
    /// <exception cref="DriverEscapeException">The machine stops at that.</exception>
    internal void Violate(SimulatedThread thread, KernelCall call, string routine, string what)
    {
        Blame($"{routine} from {Describe(call.ReturnAddress)}: {what}.", CallStack.At(thread, call));
        if (StopsAtViolation)
        {
            throw new DriverEscapeException();
        }
    }

    /// <summary>Records that a rule was broken, and stops a machine that stops at that.</summary>
    internal void Blame(string sentence, string stack = "")
    {
        Violations.Add(sentence, stack);
        if (StopsAtViolation)
        {
            Stop(new ViolationStop(sentence, stack));
        }
    }

    /// <summary>Records that a rule was broken in a way no machine survives, and stops this one.</summary>
    internal DriverEscapeException StopForViolation(
        SimulatedThread thread, KernelCall call, string routine, string what, uint code, ulong parameter1 = 0, ulong parameter2 = 0)
    {
        string sentence = $"{routine} from {Describe(call.ReturnAddress)}: {what}.";
        string stack = CallStack.At(thread, call);
        Violations.Add(sentence, stack);
        return BugCheck(new BugCheckStop(code, parameter1, parameter2, 0, 0, sentence + stack));
    }

    /// <summary>Stops the machine by a bug check; the caller throws what it gets.</summary>
    internal DriverEscapeException BugCheck(BugCheckStop stop)
    {
        Stop(stop);
        return new DriverEscapeException();
    }

    /// <summary>
    /// Stops the machine; the first cause stays. Threads leave the driver at their next call into the kernel, and waiting ones at once.
    /// </summary>
    internal void Stop(StopCause cause)
    {
        if (Interlocked.CompareExchange(ref _stop, cause, null) is null)
        {
            Threads.WakeAll();
            Schedule?.Open();
        }
    }

    /// <summary>Makes an event of the kernel's own, which lives as long as the machine; a synchronization event.</summary>
    internal KernelEvent NewEvent(bool set) => new((nuint)Memory.Allocate(KernelEvent.Size), notification: false, set);

    /// <summary>Says where an address lies, as messages do.</summary>
    internal string Describe(void* address) => (ImageAt(address) ?? Image)?.Describe(address) ?? $"0x{(ulong)address:X}";

    /// <summary>The driver whose image a range of addresses lies in, or null.</summary>
    internal LoadedImage? ImageAt(void* address, uint size = 1)
    {
        foreach (LoadedImage image in _images)
        {
            if (image.Contains(address, size))
            {
                return image;
            }
        }

        return null;
    }

    /// <summary>Gives everything back. By the controlling thread, when no simulated thread is in the driver any more.</summary>
    public void Dispose()
    {
        foreach (LoadedImage image in _images)
        {
            image.Dispose();
        }

        _stubs.Dispose();
        Pool.Dispose();
        Threads.Dispose();
        Memory.Dispose();
    }

    private nuint Resolve(string module, string name)
    {
        if (module.Equals("ntoskrnl.exe", StringComparison.OrdinalIgnoreCase))
        {
            return Imports.TryFind(name, out int index) ? (nuint)_stubs[index] : 0;
        }

        LoadedImage? image = _images.FirstOrDefault(image => image.Name.Equals(module, StringComparison.OrdinalIgnoreCase));
        return image is null ? 0 : (nuint)image.Export(name);
    }
}
