using System.Runtime.InteropServices;
using Tracing.Host.Thunks;

namespace Tracing.Host.Faults;

/// <summary>Puts <see cref="FaultCode"/> in front of the runtime's own handlers for the signals that hardware faults become.</summary>
internal static unsafe partial class LinuxSignals
{
    internal const int SigIll = 4;
    internal const int SigTrap = 5;
    internal const int SigBus = 7;
    internal const int SigFpe = 8;
    internal const int SigSegv = 11;

    private const int SaSigInfo = 4;
    private const int SignalCount = 65;

    /// <summary>struct sigaction of glibc and musl on x86-64: handler, a mask of 128 bytes, flags, restorer.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct SignalAction
    {
        internal ulong Handler;
        internal fixed ulong Mask[16];
        internal int Flags;
        internal ulong Restorer;
    }

    /// <summary>Installs the handler for all of them. Called once per process.</summary>
    internal static void Install(ImageRanges images, void* landing)
    {
        ulong* previous = (ulong*)NativeMemory.AllocZeroed(SignalCount, sizeof(ulong));
        ulong handler = (ulong)SealedCode.Place(FaultCode.ForLinux(images, previous, landing));
        foreach (int signal in (ReadOnlySpan<int>)[SigIll, SigTrap, SigBus, SigFpe, SigSegv])
        {
            SignalAction action;
            Check(sigaction(signal, null, &action), signal);
            if (action.Handler <= 1 || (action.Flags & SaSigInfo) == 0)
            {
                throw new InvalidOperationException(
                    $"Signal {signal} has no handler to pass faults on to (found 0x{action.Handler:X}, flags 0x{action.Flags:X}); "
                    + "expected the .NET runtime's own. Something in this process has replaced it.");
            }

            // Mask and flags stay: the runtime's handler relies on the stack it asked for.
            previous[signal] = action.Handler;
            action.Handler = handler;
            Check(sigaction(signal, &action, null), signal);
        }
    }

    private static void Check(int result, int signal)
    {
        if (result != 0)
        {
            throw new InvalidOperationException($"sigaction({signal}) failed: {Marshal.GetLastPInvokeErrorMessage()}.");
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int sigaction(int signal, SignalAction* action, SignalAction* previous);
}
