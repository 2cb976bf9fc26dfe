namespace Tracing.Reports.Model;

/// <summary>
/// KMutexes that the driver's source does not tell apart, all of which were acquired, and none recursively, with a timeout, alertably or in vain: FastMutexes would have done.
/// </summary>
/// <param name="Name">What to call them.</param>
/// <param name="Class">What they have in common.</param>
/// <param name="Acquires">How often they were acquired.</param>
public sealed record FastMutexCandidate(string Name, MutexClass Class, long Acquires);
