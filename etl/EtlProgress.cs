namespace Tracing.Etl;

/// <summary>How far a pass has come, in bytes of the file. Reported about 200 times per pass, and once all is read; possibly on several threads, never at once.</summary>
/// <param name="BytesRead">Bytes of the buffers read so far.</param>
/// <param name="BytesTotal">Bytes of all buffers that the pass is going to read.</param>
public readonly record struct EtlProgress(long BytesRead, long BytesTotal);
