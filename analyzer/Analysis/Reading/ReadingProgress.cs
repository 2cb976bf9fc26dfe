namespace Tracing.Analysis.Reading;

/// <summary>How far the reading of a recording has come.</summary>
/// <param name="Records">Records read.</param>
/// <param name="BytesRead">Bytes read, of all files.</param>
/// <param name="BytesTotal">Bytes that are going to be read.</param>
public readonly record struct ReadingProgress(long Records, long BytesRead, long BytesTotal);
