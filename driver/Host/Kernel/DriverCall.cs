using System.Runtime.InteropServices;
using Tracing.Host.Faults;
using Tracing.Host.Thunks;

namespace Tracing.Host.Kernel;

/// <summary>The managed sides of both crossings: calls into the driver, and the service of its calls out.</summary>
internal static unsafe class DriverCall
{
    /// <summary>The machine code of this process.</summary>
    internal static NativeThunks Thunks { get; } = new(&Serve, &FaultGuard.OnFault);

    /// <summary>Calls a routine of the driver on the calling thread, which must be the simulated thread's own.</summary>
    /// <returns>rax; the caller takes the width it needs.</returns>
    /// <exception cref="DriverEscapeException">The routine was left by an escape.</exception>
    internal static ulong Invoke(SimulatedThread thread, void* routine, params ReadOnlySpan<ulong> arguments)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(arguments.Length, EntryFrame.MaximumArguments);
        EntryFrame frame = default;
        frame.Target = routine;
        arguments.CopyTo(new Span<ulong>(frame.Arguments, EntryFrame.MaximumArguments));

        byte irql = thread.Irql;
        EntryFrame* outer = thread.Innermost;
        thread.Innermost = &frame;
        Thunks.Enter(&frame);
        thread.Innermost = outer;
        if (frame.Returned == 0)
        {
            throw new DriverEscapeException();
        }

        if (thread.Irql != irql)
        {
            thread.Kernel.Blame(
                $"The routine at {thread.Kernel.Describe(routine)} was called at {Irql.Name(irql)} and returned at {Irql.Name(thread.Irql)}.");
        }

        return frame.Result;
    }

    /// <summary>Serves an import. No exception leaves it: there is driver code above.</summary>
    [UnmanagedCallersOnly]
    private static void Serve(CallFrame* frame)
    {
        SimulatedThread thread = SimulatedThread.Current;
        try
        {
            frame->Result = thread.Kernel.Serve(thread, (int)frame->Import, new KernelCall(frame));
        }
        catch (DriverEscapeException)
        {
            frame->EscapeTo = thread.Innermost;
        }
#pragma warning disable CA1031 // Whatever it is, it must not unwind through driver code.
        catch (Exception error)
#pragma warning restore CA1031
        {
            thread.Kernel.Stop(new HostStop(error));
            frame->EscapeTo = thread.Innermost;
        }
    }
}
