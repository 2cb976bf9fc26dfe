using System.Diagnostics;
using System.Globalization;
using Tracing.Driver.Tests.Support;
using Tracing.Host;
using Tracing.Host.Kernel;
using Tracing.Host.Thunks;

namespace Tracing.Benchmarks;

/// <summary>
/// What an uncontended lock and unlock of the real kmutex.sys costs beside the two calls of the kernel that it cannot do without, both in the simulated kernel.
/// </summary>
/// <remarks>
/// A call of the simulated kernel crosses from machine code into .NET and back, which costs far more than on Windows, where it is a plain call. The library
/// calls six routines where the bare pair calls two, so the ratio here is near that of the calls. The instructions in between, which is what the library adds on
/// Windows, are counted by HotPathTests.
/// </remarks>
internal static unsafe class LockCost
{
    private const int Pairs = 50_000;
    private const int Runs = 5;

    /// <summary>No event has this keyword: nothing listens.</summary>
    private const ulong NoKeyword = 1UL << 40;

    public static void Print(string folder)
    {
        string driver = Path.Combine("artifacts", "driver", "kmutex.sys");
        if (!File.Exists(driver))
        {
            Console.WriteLine($"{driver} is not built: what a lock costs is not measured. Build it with ./build.sh driver");
            return;
        }

        string output = Path.Combine(folder, "lock.etl");
        double bare = Best(BarePairs);
        double off = Best(() => LibraryPairs(driver, output, new SessionSettings { Keywords = NoKeyword }));
        double on = Best(() => LibraryPairs(driver, output, new SessionSettings()));
        Line("KeWaitForSingleObject and KeReleaseMutex", bare, bare);
        Line("lock and unlock of a KMutex, nobody listens", off, bare);
        Line("lock and unlock of a KMutex, every event", on, bare);
    }

    private static double Best(Func<TimeSpan> run) => Enumerable.Range(0, Runs).Min(_ => run().TotalNanoseconds) / Pairs;

    private static void Line(string name, double nanoseconds, double reference) => Console.WriteLine(
        string.Create(CultureInfo.InvariantCulture, $"{name,-44} {nanoseconds,9:N0} ns a pair {nanoseconds / reference,8:N2} x the bare calls"));

    private static TimeSpan LibraryPairs(string driver, string output, SessionSettings session) => WorkloadRun.Execute(new RunRequest
    {
        DriverPath = driver,
        OutputPath = output,
        Workload = "uncontended",
        Threads = 1,
        Iterations = Pairs,
        Session = session,
    }).Elapsed;

    private static TimeSpan BarePairs()
    {
        using SimulatedKernel kernel = new();
        TimeSpan elapsed = default;
        using NativeCode loop = new(code => WriteLoop(code, (ulong)kernel.Export("KeWaitForSingleObject"), (ulong)kernel.Export("KeReleaseMutex")));
        ControlThread.Run(kernel, "bare pairs", thread =>
        {
            void* mutex = kernel.Memory.Allocate(KernelMutex.Size);
            kernel.Dispatcher.PlaceMutex((nuint)mutex);
            long started = Stopwatch.GetTimestamp();
            DriverCall.Invoke(thread, loop.Address, (ulong)mutex, Pairs);
            elapsed = Stopwatch.GetElapsedTime(started);
        });
        SpinWait.SpinUntil(() => kernel.Threads.Alive.Count == 0);
        return elapsed;
    }

    /// <summary>
    /// for (; count != 0; count--) { KeWaitForSingleObject(mutex, 0, 0, 0, &amp;noWait); KeReleaseMutex(mutex, 0); } with the arguments mutex and count; noWait lies on
    /// the stack, as the library has it.
    /// </summary>
    private static void WriteLoop(CodeWriter code, ulong wait, ulong release)
    {
        const int FifthArgument = 0x20;
        const int NoWait = 0x28;
        CodeLabel again = new();
        code.Push(Register.Rbx);
        code.Push(Register.Rsi);
        code.Push(Register.Rdi);
        code.Subtract(Register.Rsp, NoWait + 8);
        code.Move(Register.Rsi, Register.Rcx);
        code.Move(Register.Rbx, Register.Rdx);
        code.Clear(Register.Rax);
        code.Store(Register.Rsp, NoWait, Register.Rax);
        code.LoadAddress(Register.Rdi, Register.Rsp, NoWait);
        code.Place(again);
        code.Move(Register.Rcx, Register.Rsi);
        code.Clear(Register.Rdx);
        code.Clear(Register.R8);
        code.Clear(Register.R9);
        code.Store(Register.Rsp, FifthArgument, Register.Rdi);
        code.MoveImmediate(Register.Rax, wait);
        code.Call(Register.Rax);
        code.Move(Register.Rcx, Register.Rsi);
        code.Clear(Register.Rdx);
        code.MoveImmediate(Register.Rax, release);
        code.Call(Register.Rax);
        code.Subtract(Register.Rbx, 1);
        code.JumpIfNotZero(again);
        code.Add(Register.Rsp, NoWait + 8);
        code.Pop(Register.Rdi);
        code.Pop(Register.Rsi);
        code.Pop(Register.Rbx);
        code.Return();
    }
}
