namespace Tracing.Host;

/// <summary>
/// What a session did. Exact: <paramref name="EventsAttempted"/> = <paramref name="EventsWritten"/> + <paramref name="EventsLost"/>.
/// </summary>
/// <param name="EventsAttempted">Events the driver wrote while the session listened, by level and keyword.</param>
/// <param name="EventsWritten">Those in the file.</param>
/// <param name="EventsLost">Those that found no free buffer, or fit none, or were in a buffer that could not be written.</param>
/// <param name="BuffersWritten">Buffers in the file, its header not counted.</param>
/// <param name="BuffersLost">Buffers that could not be written.</param>
/// <param name="BufferSize">Bytes of one buffer.</param>
public sealed record SessionTotals(
    long EventsAttempted, long EventsWritten, long EventsLost, long BuffersWritten, long BuffersLost, int BufferSize);
