using Tracing.Etl;

namespace Tracing.Parsers;

/// <summary>
/// Writes the driver's events into a trace as a <see cref="KMutexTraceEventParser"/> sees them, from a live session or a file, so that they can be read while they still come.
/// </summary>
/// <remarks>
/// A reader sees the trace as far as it was flushed; until it is completed, as that of a session still running. <see cref="Flush"/> may be called from another thread than
/// the one that processes events.
/// </remarks>
public sealed class KMutexRecorder : IDisposable
{
    private readonly Lock _lock = new();
    private readonly EtlWriter _writer;
    private readonly EtlGatherer _gatherer;

    /// <summary>Subscribes to all events of the driver.</summary>
    /// <param name="parser">Where they come from.</param>
    /// <param name="output">Where the trace goes: a stream that can seek. It is left open.</param>
    /// <param name="header">The session to tell of: its clock must be that of the events.</param>
    public KMutexRecorder(KMutexTraceEventParser parser, Stream output, EtlHeader header)
    {
        ArgumentNullException.ThrowIfNull(parser);
        ArgumentNullException.ThrowIfNull(header);
        _writer = new EtlWriter(output, new EtlWriterOptions { Header = header with { BufferSize = EtlGatherer.BufferSize }, Compress = true });
        _gatherer = new EtlGatherer(_writer);
        parser.AddCallbackForEvents<KMutexTraceData>(Record);
    }

    /// <summary>Events written.</summary>
    public long Events { get; private set; }

    /// <summary>Writes what has come so far, for readers to see.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            _gatherer.Flush();
        }
    }

    /// <summary>Ends the trace. No event may come afterwards.</summary>
    public void Complete(EtlClosing closing)
    {
        lock (_lock)
        {
            _gatherer.Flush();
            _writer.Complete(closing);
        }
    }

    /// <summary>Ends the use of the stream; what was not flushed is not in the trace.</summary>
    public void Dispose() => _writer.Dispose();

    private void Record(KMutexTraceData data)
    {
        EtlEventHeader header = new()
        {
#pragma warning disable CS0618 // TraceEvent discourages ticks where milliseconds do; a trace is made of ticks.
            Time = data.TimeStampQPC,
#pragma warning restore CS0618
            ProviderId = data.ProviderGuid,
            Id = (ushort)data.ID,
            Version = (byte)data.Version,
            Channel = (byte)data.Channel,
            Level = (byte)data.Level,
            Opcode = (byte)data.Opcode,
            Task = (ushort)data.Task,
            Keyword = (ulong)data.Keywords,
            ThreadId = data.ThreadID,
            ProcessId = data.ProcessID,
            ActivityId = data.ActivityID,
            Is32Bit = data.PointerSize == 4,
        };
        lock (_lock)
        {
            _gatherer.Add(data.ProcessorNumber, header, data.Payload);
            Events++;
        }
    }
}
