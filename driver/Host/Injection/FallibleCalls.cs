namespace Tracing.Host;

/// <summary>How often a failure could have happened in a run, and how often it was made to. Immutable.</summary>
/// <param name="Import">The import.</param>
/// <param name="Failure">The failure's name.</param>
/// <param name="Calls">Calls that its DDI page lets fail so.</param>
/// <param name="Injected">Those that did.</param>
public sealed record FallibleCalls(string Import, string Failure, long Calls, long Injected);
