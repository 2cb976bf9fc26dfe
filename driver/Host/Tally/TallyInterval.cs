namespace Tracing.Host;

/// <summary>
/// A wait or a hold as the simulated kernel saw it, in QPC ticks (100 ns), with two bounds: what the driver reports, provided that it reads
/// its clock where the trace contract says, is never shorter than the inner interval and never longer than the outer one. Immutable.
/// </summary>
/// <remarks>
/// <para><b>Wait.</b> Inner: from the entry of the wait that could block until the mutex passed to the thread (the release by its former
/// owner, or that entry itself if it was free by then). Outer: from the return of the try that failed before it, or, without one, the same
/// entry, until the thread's first call into the kernel after the wait returned, not counting one read of the clock, or until the thread
/// left the driver. The driver reads RequestedAt between the failed try and the wait, and AcquiredAt by that one read: hence inner &lt;=
/// reported &lt;= outer.</para>
/// <para><b>Hold</b>, outermost to outermost. Outer: from the moment the mutex passed to the thread until the entry of the release that
/// made it free. Inner: from the first value of the clock served to the thread after the acquire returned until the last one served before
/// that release; empty if there is none. The driver's AcquiredAt is the first such value or an earlier one, its ReleasedAt the last such
/// value or a later one: hence the same order.</para>
/// </remarks>
/// <param name="AcquireNumber">Which acquisition of this mutex it belongs to, from 1, recursive ones counted: the Sequence of the trace
/// contract.</param>
/// <param name="ThreadId">The simulated thread.</param>
/// <param name="InnerStart">QPC ticks.</param>
/// <param name="InnerEnd">QPC ticks.</param>
/// <param name="OuterStart">QPC ticks.</param>
/// <param name="OuterEnd">QPC ticks.</param>
public readonly record struct TallyInterval(
    long AcquireNumber, uint ThreadId, long InnerStart, long InnerEnd, long OuterStart, long OuterEnd)
{
    /// <summary>The length at least, in QPC ticks.</summary>
    public long Inner => InnerEnd - InnerStart;

    /// <summary>The length at most, in QPC ticks.</summary>
    public long Outer => OuterEnd - OuterStart;
}
