namespace Tracing.Reports.Model;

/// <summary>How the number of live mutexes of one allocation site went through the recording.</summary>
/// <param name="Site">The site; null for mutexes of which the trace does not say where they were allocated.</param>
/// <param name="Allocations">Allocations in the recording.</param>
/// <param name="Frees">Frees in the recording, of mutexes whose allocation or state is in it.</param>
/// <param name="PerSecond">Slope of the straight line through the curve from the first sight of the site on, by least squares, in mutexes per second.</param>
/// <param name="Rises">
/// Whether the number rose through the recording and did not fall back: from the first sight of the site to the end, in four parts, its lowest value is
/// higher in each part than in the one before. False where events are missing: frees that were lost look the same.
/// </param>
/// <param name="Curve">The number over time, in at most 64 points at equal distances.</param>
public sealed record LiveGrowth(SourceSite? Site, long Allocations, long Frees, double PerSecond, bool Rises, IReadOnlyList<LivePoint> Curve);

/// <summary>A point of a curve.</summary>
/// <param name="AtNs">When, in nanoseconds since the start of the recording.</param>
/// <param name="Live">How many mutexes were live.</param>
public readonly record struct LivePoint(long AtNs, long Live);
