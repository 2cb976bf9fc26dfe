using Tracing.Reports.Model;

namespace Tracing.Analysis.Stacks;

/// <summary>The call stacks of waits and holds, found by the event that ended them.</summary>
public sealed class IntervalStacks
{
    private readonly IReadOnlyDictionary<(StackKind Kind, ulong MutexId, int ThreadId, ulong End), IReadOnlyList<string>> _stacks;

    internal IntervalStacks(long recorded, IReadOnlyDictionary<(StackKind Kind, ulong MutexId, int ThreadId, ulong End), IReadOnlyList<string>> stacks)
    {
        Recorded = recorded;
        _stacks = stacks;
    }

    /// <summary>Of a recording without stacks.</summary>
    public static IntervalStacks None { get; } = new(0, new Dictionary<(StackKind, ulong, int, ulong), IReadOnlyList<string>>());

    /// <summary>Waits and holds that were recorded with a stack, kept or not.</summary>
    public long Recorded { get; }

    /// <summary>The frames, innermost first; null where no stack was recorded or kept. The same list for the same wait or hold.</summary>
    /// <param name="kind">A wait or a hold.</param>
    /// <param name="mutexId">The mutex.</param>
    /// <param name="threadId">Who waited, or who released.</param>
    /// <param name="end">When it ended, in ticks of the driver's clock.</param>
    public IReadOnlyList<string>? Find(StackKind kind, ulong mutexId, int threadId, ulong end) => _stacks.GetValueOrDefault((kind, mutexId, threadId, end));
}
