namespace Tracing.Analysis.Durations;

/// <summary>A wait or a hold as it was judged: what kind of length it has, and which.</summary>
/// <param name="Verdict">Whether both its ends are known.</param>
/// <param name="Ticks">Its length; for one cut by the start the certain part of it; 0 for an impossible one.</param>
public readonly record struct Interval(IntervalVerdict Verdict, ulong Ticks);
