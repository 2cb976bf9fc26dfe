using Tracing.Analysis.Blame;

namespace Tracing.Analysis.Loads;

/// <summary>What is known of one thread, and of its use of locks.</summary>
/// <param name="id">Its number. The system gives numbers of ended threads to new ones: the process tells those apart that matter.</param>
/// <param name="processId">Its process.</param>
/// <param name="index">How many threads were known before it.</param>
public sealed class ThreadLedger(int id, int processId, int index) : Usage
{
    /// <summary>Its number.</summary>
    public int Id { get; } = id;

    /// <summary>Its process.</summary>
    public int ProcessId { get; } = processId;

    /// <summary>How many threads were known before it.</summary>
    public int Index { get; } = index;

    /// <summary>Its latest waits; null when it never waited.</summary>
    internal WaitHistory? History { get; set; }
}
