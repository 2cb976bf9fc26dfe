namespace Tracing.Analysis.Reading;

/// <summary>How far the reading of a file has come.</summary>
/// <param name="Records">Records read.</param>
/// <param name="Offset">The furthest offset in the file that was read from, in bytes. Processors take turns, so it runs a little ahead.</param>
public readonly record struct ReadingProgress(long Records, long Offset);
