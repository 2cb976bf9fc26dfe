using Tracing.Analysis.Blame;

namespace Tracing.Analysis.Loads;

/// <summary>What is known of one thread.</summary>
/// <param name="Id">Its number. The system gives numbers of ended threads to new ones: the process tells those apart that matter.</param>
/// <param name="ProcessId">Its process.</param>
/// <param name="Index">How many threads were known before it.</param>
public sealed record ThreadLedger(int Id, int ProcessId, int Index)
{
    /// <summary>Its use of locks.</summary>
    public Usage Usage { get; } = new();

    /// <summary>Its latest waits; null when it never waited.</summary>
    internal WaitHistory? History { get; set; }
}
