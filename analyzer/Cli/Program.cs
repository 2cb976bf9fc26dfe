using System.Runtime.InteropServices;

namespace Tracing.Cli;

internal static class Program
{
    private static int Main(string[] arguments)
    {
        using var interrupted = new CancellationTokenSource();
        using PosixSignalRegistration signal = PosixSignalRegistration.Create(PosixSignal.SIGINT, context =>
        {
            // A second Ctrl-C ends the process at once.
            context.Cancel = !interrupted.IsCancellationRequested;
            interrupted.Cancel();
        });
        return CommandLine.Run(arguments, Session.OfProcess(interrupted.Token));
    }
}
