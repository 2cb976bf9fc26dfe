namespace Tracing.Reports.Model;

/// <summary>The call stack that was recorded with the end of one of the slowest waits or holds.</summary>
/// <param name="Kind">What lasted so long.</param>
/// <param name="MutexId">The mutex.</param>
/// <param name="Mutex">What to call it.</param>
/// <param name="ThreadId">Who waited, or who released.</param>
/// <param name="Ns">How long, in nanoseconds.</param>
/// <param name="Frames">
/// Where it was, innermost first: <c>module!function+0x1f</c>, without symbols <c>module+0x1f</c>, an address where no image is known. Out of the trace and not to be trusted.
/// </param>
public sealed record StackRow(StackKind Kind, ulong MutexId, string Mutex, int ThreadId, long Ns, IReadOnlyList<string> Frames);

/// <summary>What a stack is of.</summary>
public enum StackKind
{
    /// <summary>A wait: the stack of the acquire that ended it.</summary>
    Wait,

    /// <summary>An outermost hold: the stack of the release that ended it.</summary>
    Hold,
}
