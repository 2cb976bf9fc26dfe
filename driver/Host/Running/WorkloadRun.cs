using System.Diagnostics;
using System.Runtime.InteropServices;
using Tracing.Driver.Contract;
using Tracing.Host.Judge;
using Tracing.Host.Kernel;
using Tracing.Host.Loading;
using Tracing.Host.Scheduling;
using Tracing.Host.Session;

namespace Tracing.Host;

/// <summary>
/// One run of a driver's workload in the simulated kernel, recorded to a trace. Runs may be made from several threads at once; each has a
/// kernel of its own.
/// </summary>
public static class WorkloadRun
{
    private const string DeviceLink = @"\DosDevices\KMutexTracing";

    /// <summary>
    /// How long threads may take to leave the driver once the machine has stopped; those that loop without calling the kernel never do.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Loads the driver, runs the workload, unloads the driver and completes the trace.</summary>
    /// <exception cref="ArgumentException">The request is wrong: an unknown workload, no threads.</exception>
    /// <exception cref="FileNotFoundException">There is no driver at <see cref="RunRequest.DriverPath"/>.</exception>
    /// <exception cref="DriverImageException">What is there is no driver.</exception>
    /// <exception cref="IOException">The trace cannot be written.</exception>
    /// <exception cref="UnauthorizedAccessException">The trace may not be written there.</exception>
    /// <exception cref="DriverStoppedException">The driver faulted or stopped the machine; the trace is complete up to there.</exception>
    /// <exception cref="OperationCanceledException">The run was cancelled; no trace is left.</exception>
    /// <exception cref="PlatformNotSupportedException">This machine cannot run x64 driver code.</exception>
    public static RunOutcome Execute(RunRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        WorkloadRequest workload = request.ToDevice();
        byte[] driver = ReadDriver(request.DriverPath);
        cancellation.ThrowIfCancellationRequested();

        using TraceFile file = new(request.OutputPath);
        Schedule? schedule = request.Schedule is { } order ? new Schedule(order) : null;
        using TraceSession session = new(
            file.Stream, Path.GetFileName(request.OutputPath), request.Session, schedule?.Clock ?? KernelClock.Real);
        SimulatedKernel kernel = new(session, request.Faults, schedule, request.Pool) { StopsAtViolation = true, FunctionNames = request.FunctionNames };
        bool empty = true;
        try
        {
            LoadedImage image = kernel.Load(driver, request.DriverPath);
            using CancellationTokenRegistration registration = cancellation.Register(() => kernel.Stop(new CancelledStop()));
            RunState run = new(kernel, new DriverInstance(kernel, image), request);
            run.Drive(workload);
            empty = ControlThread.WaitForAll(kernel, Patience);
            if (!empty)
            {
                kernel.Violations.Add($"{kernel.Threads.Alive.Count} threads did not leave the driver within {Patience.TotalSeconds} seconds.");
            }

            kernel.Pool.Inspect();
            if (kernel.Stopped is CancelledStop)
            {
                throw new OperationCanceledException("The run was cancelled.", cancellation);
            }

            SessionTotals totals = session.Stop();
            file.Keep();
            return Conclude(kernel, run, totals, request.OutputPath);
        }
        finally
        {
            // Memory under the feet of a thread that is still in the driver stays.
            if (empty)
            {
                kernel.Dispose();
            }
        }
    }

    private static byte[] ReadDriver(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FileNotFoundException($"There is no driver at {path}. Build it with: ./build.sh driver", path, error);
        }
        catch (UnauthorizedAccessException error) when (Directory.Exists(path))
        {
            throw new IOException($"{path} is a directory; expected the driver, kmutex.sys.", error);
        }
    }

    private static RunOutcome Conclude(SimulatedKernel kernel, RunState run, SessionTotals totals, string tracePath)
    {
        IReadOnlyList<string> violations = kernel.Violations.List();
        switch (kernel.Stopped)
        {
            case FaultStop fault:
                throw new DriverFaultException(fault.Report, tracePath, violations);
            case ViolationStop violation:
                throw new DriverViolationException(violation, tracePath, violations);
            case BugCheckStop bugCheck:
                throw new DriverBugCheckException(bugCheck, tracePath, violations);
            case DeadlockStop deadlock:
                throw new DriverDeadlockException(deadlock, tracePath, violations);
            case HostStop host:
                throw new InvalidOperationException($"{host.Sentence} This is an error of the host, not of the driver.", host.Error);
        }

        IReadOnlyList<PoolLeak> leaks = kernel.Pool.Allocated();
        Tally tally = new(
            kernel.Dispatcher.Close(),
            kernel.Processor.IrqlQueriesAboveApc,
            kernel.Processor.IrqlRaisesQueried,
            kernel.Processor.ClockReads,
            leaks.Count,
            leaks.Sum(leak => (long)leak.Size));
        return new RunOutcome(
            run.EntryStatus, run.WorkloadStatus, run.Result, tally, totals, leaks, violations, kernel.Injector?.Counts ?? [], run.Elapsed);
    }

    /// <summary>The steps of a run, and what they yield.</summary>
    private sealed class RunState(SimulatedKernel kernel, DriverInstance driver, RunRequest request)
    {
        internal int EntryStatus { get; private set; }

        internal int WorkloadStatus { get; private set; }

        internal WorkloadTotals Result { get; private set; } = WorkloadTotals.None;

        internal TimeSpan Elapsed { get; private set; }

        internal void Drive(WorkloadRequest workload) => ControlThread.Run(
            kernel,
            ("driver entry", Enter),
            ("workload caller", thread => Request(thread, workload)),
            ("driver unload", Leave));

        private bool Enter(SimulatedThread thread)
        {
            SessionSettings settings = request.Session;
            if (settings.Span == SessionSpan.WholeLife)
            {
                kernel.Etw.Enable(thread);
            }

            EntryStatus = driver.Enter(thread);
            if (!NtStatus.Succeeded(EntryStatus))
            {
                WorkloadStatus = EntryStatus;
                UnloadRules.Check(kernel);
                return false;
            }

            if (settings.Span == SessionSpan.WhileLoaded)
            {
                kernel.Etw.Enable(thread);
                if (settings.CaptureStateOnStart)
                {
                    kernel.Etw.CaptureState(thread);
                }
            }

            if (request.Rundowns > 0)
            {
                kernel.Threads.Start("session", AskForState);
            }

            return true;
        }

        /// <summary>As a session does that somebody turns to again and again, without a thought for what the driver is doing.</summary>
        private void AskForState(SimulatedThread thread)
        {
            for (int i = 0; i < request.Rundowns && kernel.Etw.Registered.Any(); i++)
            {
                kernel.Etw.CaptureState(thread);
            }
        }

        private bool Request(SimulatedThread thread, WorkloadRequest workload)
        {
            long start = Stopwatch.GetTimestamp();
            WorkloadStatus = driver.Control(
                thread,
                DeviceLink,
                WorkloadControl.RunWorkload,
                MemoryMarshal.AsBytes(new ReadOnlySpan<WorkloadRequest>(in workload)),
                Marshal.SizeOf<WorkloadResult>(),
                out byte[] output);
            Elapsed = Stopwatch.GetElapsedTime(start);
            Result = WorkloadTotals.Read(output);
            return true;
        }

        private bool Leave(SimulatedThread thread)
        {
            SessionSettings settings = request.Session;
            if (settings.CaptureStateOnSave)
            {
                kernel.Etw.CaptureState(thread);
            }

            if (settings.Span == SessionSpan.WhileLoaded)
            {
                kernel.Etw.DisableAll(thread);
            }

            driver.Unload(thread);
            UnloadRules.Check(kernel);
            return true;
        }
    }
}
