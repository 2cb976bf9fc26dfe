using Tracing.Host.Faults;

namespace Tracing.Host.Kernel;

/// <summary>Why a simulated machine stopped before its work was done.</summary>
/// <param name="Sentence">For people.</param>
internal abstract record StopCause(string Sentence);

/// <summary>A bug check.</summary>
internal sealed record BugCheckStop(
    uint Code, ulong Parameter1, ulong Parameter2, ulong Parameter3, ulong Parameter4, string Why)
    : StopCause($"Bug check 0x{Code:X8} (0x{Parameter1:X}, 0x{Parameter2:X}, 0x{Parameter3:X}, 0x{Parameter4:X}): {Why}");

/// <summary>A broken rule, in a machine that stops at the first.</summary>
internal sealed record ViolationStop(string Broken, string Stack) : StopCause(Broken + Stack);

/// <summary>A hardware fault in driver code.</summary>
internal sealed record FaultStop(FaultReport Report) : StopCause(Report.Text);

/// <summary>Every thread waits, without a timeout, for what only another could give.</summary>
internal sealed record DeadlockStop(string Waits)
    : StopCause($"Deadlock: every thread of the machine waits, and none can go on: {Waits}.");

/// <summary>The simulated kernel itself failed: an error of this host, not of the driver.</summary>
internal sealed record HostStop(Exception Error) : StopCause($"The simulated kernel failed: {Error.Message}");

/// <summary>The run was cancelled.</summary>
internal sealed record CancelledStop() : StopCause("The run was cancelled.");
