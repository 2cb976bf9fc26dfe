namespace Tracing.Analysis.Mutexes;

/// <summary>An outermost acquire whose release has not been seen.</summary>
/// <param name="Sequence">Its number.</param>
/// <param name="AcquiredAt">When, in ticks.</param>
/// <param name="ThreadId">Who.</param>
/// <param name="SiteId">Where the acquire stands; 0 for unknown.</param>
public readonly record struct OpenHold(ulong Sequence, ulong AcquiredAt, int ThreadId, uint SiteId);
