namespace Tracing.Analysis.Blame;

/// <summary>The time from one outermost acquisition to the next: a hold, and what lies between its release and the next acquire.</summary>
/// <param name="Start">When the first was acquired, in ticks.</param>
/// <param name="Held">When its hold ended; equal to <paramref name="Start"/> when that is not known.</param>
/// <param name="End">When the next was acquired, or the recording ended.</param>
/// <param name="HolderThread">Index of the thread that held.</param>
/// <param name="HolderSite">Index of the call site that it had acquired at.</param>
/// <param name="RestIsHandOff">True when nobody else can have held it from <paramref name="Held"/> to <paramref name="End"/>.</param>
/// <param name="BeginningWaits">List of the waits that began within.</param>
/// <param name="EndingWait">The wait that ended with the next acquisition.</param>
internal readonly record struct HoldSpan(
    ulong Start, ulong Held, ulong End, int HolderThread, int HolderSite, bool RestIsHandOff, int BeginningWaits, int EndingWait);
