using Tracing.Reports.Model;
using Tracing.Symbols;

namespace Tracing.Analysis.Reading;

/// <summary>What a reading is to collect beside the report's tables.</summary>
public sealed record ReadingOptions
{
    /// <summary>The report's tables and nothing else.</summary>
    public static ReadingOptions Default { get; } = new();

    /// <summary>Which part of the recording to look at.</summary>
    public TimeWindow Window { get; init; } = TimeWindow.Whole;

    /// <summary>Whether to collect what each class of mutexes did over time: <see cref="LockReport.Activity"/>.</summary>
    public bool Activity { get; init; }

    /// <summary>
    /// Makes who is told of each acquire and hold, from the edges of the recording, the frequency of its clock, and what threads are called, for which the recording is read
    /// once more; null for nobody.
    /// </summary>
    public Func<TraceTime, long, ThreadNames, ILockObserver>? Observe { get; init; }

    /// <summary>Where functions of call stacks have their names from; null for nowhere.</summary>
    public SymbolFolder? Symbols { get; init; }

    /// <summary>Whether to gather who held and waited when: about a tenth more time, and up to 200 MB.</summary>
    public bool Timeline { get; init; }
}
