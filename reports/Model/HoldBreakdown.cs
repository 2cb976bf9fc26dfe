namespace Tracing.Reports.Model;

/// <summary>
/// What threads did while they held a mutex that they had acquired at one place: why the holder was slow. From the kernel's scheduling events (CSwitch, ReadyThread, DPC,
/// ISR); the parts add up to the length of the holds but for rounding.
/// </summary>
/// <remarks>Without ReadyThread events a wait lasts until the thread runs again.</remarks>
/// <param name="Site">Where the holder had acquired; null for unknown.</param>
/// <param name="Holds">Outermost holds with both ends in the recording that ended after its first CSwitch.</param>
/// <param name="HoldNs">Their length together, in nanoseconds.</param>
/// <param name="RunningNs">The holder ran.</param>
/// <param name="ReadyNs">It could have run and had no processor: preempted, or made ready and not yet switched to.</param>
/// <param name="WaitingNs">It waited.</param>
/// <param name="InterruptedNs">It had a processor, on which an interrupt or a deferred procedure call ran.</param>
/// <param name="UnknownNs">No event tells.</param>
public sealed record HoldBreakdown(
    SourceSite? Site, long Holds, long HoldNs, long RunningNs, long ReadyNs, long WaitingNs, long InterruptedNs, long UnknownNs);
