namespace Tracing.Host;

/// <summary>Which calls of the driver's imports fail in a run, and how. Immutable. An empty plan only counts the calls that could.</summary>
public sealed record FaultPlan
{
    /// <summary>The failures named one by one.</summary>
    public IReadOnlyList<InjectedFault> Faults { get; init; } = [];

    /// <summary>
    /// Above 0: besides, one in so many of all calls that may fail does, drawn from <see cref="Seed"/> and the number of the call.
    /// </summary>
    public int OneIn { get; init; }

    /// <summary>Where those draws start: the same seed fails the same calls.</summary>
    public ulong Seed { get; init; }
}
