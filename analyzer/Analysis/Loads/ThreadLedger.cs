using Tracing.Analysis.Blame;

namespace Tracing.Analysis.Loads;

/// <summary>What is known of one thread, and of its use of locks.</summary>
/// <param name="id">Its number. The system gives numbers of ended threads to new ones: the process tells those apart that matter.</param>
/// <param name="processId">Its process.</param>
public sealed class ThreadLedger(int id, int processId) : Usage
{
    /// <summary>Its number.</summary>
    public int Id { get; } = id;

    /// <summary>Its process.</summary>
    public int ProcessId { get; } = processId;

    /// <summary>Its latest waits; null when it never waited.</summary>
    internal WaitHistory? History { get; set; }
}
