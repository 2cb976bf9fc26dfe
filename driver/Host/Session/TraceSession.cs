using System.Collections.Concurrent;
using Tracing.Etl;
using Tracing.Host.Kernel;

namespace Tracing.Host.Session;

/// <summary>
/// An ETW session that writes a sequential .etl file. Each processor fills a buffer of its own; a full one goes to a flusher thread, and
/// comes back empty. <see cref="Write"/> is safe from any thread; start and stop are the controlling thread's.
/// </summary>
/// <remarks>
/// <para>A record is stamped under the lock of the processor whose buffer it goes to. So each processor's stream is in the order of time,
/// which readers rely on when they merge streams, even though simulated threads at any IRQL can be moved to another processor at any
/// moment.</para>
/// <para>The header says what is true of the simulated machine, not of the one beneath: Windows 10.0, the build whose exports it offers, a
/// 10 MHz performance counter. It names no machine and no path.</para>
/// </remarks>
internal sealed class TraceSession : IDisposable
{
    /// <summary>What the file says the session is called.</summary>
    internal const string LoggerName = "KMutex Host";

    /// <summary>
    /// Windows 10 2004: the first build that exports everything declared in Kernel, ExAllocatePool2 and KeQueryPerformanceCounter among
    /// them.
    /// </summary>
    internal const uint SimulatedBuild = 19041;

    private const int BufferHeaderBytes = 72;

    private readonly KernelClock _clock;
    private readonly EtlWriter _writer;
    private readonly BufferPool _pool;
    private readonly ProcessorStream[] _streams;
    private readonly BlockingCollection<SessionBuffer> _full = [];
    private readonly Thread _flusher;
    private long _sequence;
    private long _eventsWritten;
    private long _eventsInLostBuffers;
    private long _buffersWritten;
    private long _buffersLost;
    private Exception? _error;

    /// <summary>Begins the file.</summary>
    /// <param name="output">Where it goes; must be able to seek. Left open.</param>
    /// <param name="fileName">The name it will have, without a path.</param>
    /// <param name="settings">How to record.</param>
    /// <param name="clock">The machine's.</param>
    internal TraceSession(Stream output, string fileName, SessionSettings settings, KernelClock clock)
    {
        _clock = clock;
        Settings = settings;
        int bufferSize = settings.BufferSizeKilobytes << 10;
        _writer = new EtlWriter(output, new EtlWriterOptions
        {
            Header = Describe(bufferSize, fileName),
            LoggerId = 1,
            ProcessId = (int)ThreadImports.SystemProcessId,
            ThreadId = (int)ThreadImports.SystemProcessId,
        });
        _pool = new BufferPool(settings.MaximumBuffers, bufferSize - BufferHeaderBytes);
        _streams = new ProcessorStream[ProcessorImports.Count];
        for (int i = 0; i < _streams.Length; i++)
        {
            _streams[i] = new ProcessorStream();
        }

        _flusher = new Thread(Flush) { Name = "trace session", IsBackground = true };
        _flusher.Start();
    }

    internal SessionSettings Settings { get; }

    /// <summary>The keywords as a provider is told them: 0 means all.</summary>
    internal ulong MatchAnyKeyword => Settings.Keywords == 0 ? ulong.MaxValue : Settings.Keywords;

    /// <summary>
    /// Whether the session wants an event. Source: EnableTraceEx2 documentation: level 0 and keyword 0 of an event pass always.
    /// </summary>
    internal bool Accepts(byte level, ulong keyword) =>
        (Settings.Level == 0 || level <= Settings.Level)
        && (keyword == 0 || ((keyword & MatchAnyKeyword) != 0 && (keyword & Settings.MatchAllKeywords) == Settings.MatchAllKeywords));

    /// <summary>Records an event of a thread on a processor.</summary>
    /// <returns>False if it was lost.</returns>
    internal bool Write(
        int processor, uint threadId, Guid providerId, in EventDescriptor descriptor, Guid activityId, ReadOnlySpan<EventDataDescriptor> pieces)
    {
        long payload = 0;
        foreach (ref readonly EventDataDescriptor piece in pieces)
        {
            payload += piece.Size;
        }

        ProcessorStream stream = _streams[processor];
        lock (stream.Gate)
        {
            stream.Attempted++;
            if (payload > EtlEventRecord.MaximumPayload || !MakeRoom(stream, processor, EtlEventRecord.MeasureLength((int)payload)))
            {
                stream.Lost++;
                stream.LostSinceBuffer = true;
                return false;
            }

            SessionBuffer buffer = stream.Current!;
            EtlEventHeader header = new()
            {
                Time = _clock.Now,
                ProviderId = providerId,
                Id = descriptor.Id,
                Version = descriptor.Version,
                Channel = descriptor.Channel,
                Level = descriptor.Level,
                Opcode = descriptor.Opcode,
                Task = descriptor.Task,
                Keyword = descriptor.Keyword,
                ThreadId = (int)threadId,
                ProcessId = (int)ThreadImports.SystemProcessId,
                ActivityId = activityId,
            };
            _ = EtlEventRecord.TryReserve(buffer.Bytes.AsSpan(buffer.Used), in header, (int)payload, out Span<byte> room, out int written);
            Gather(pieces, room);
            buffer.Used += written;
            buffer.Events++;
            return true;
        }
    }

    /// <summary>Counts an event of a processor as lost.</summary>
    internal void Lose(int processor)
    {
        ProcessorStream stream = _streams[processor];
        lock (stream.Gate)
        {
            stream.Attempted++;
            stream.Lost++;
            stream.LostSinceBuffer = true;
        }
    }

    /// <summary>Flushes all buffers and ends the file.</summary>
    /// <exception cref="IOException">A buffer could not be written.</exception>
    internal SessionTotals Stop()
    {
        for (int processor = 0; processor < _streams.Length; processor++)
        {
            ProcessorStream stream = _streams[processor];
            lock (stream.Gate)
            {
                if (stream.Current is { } current)
                {
                    current.Last = true;
                    Send(stream, processor, current);
                }
            }
        }

        _full.CompleteAdding();
        _flusher.Join();
        if (_error is not null)
        {
            throw new IOException($"The trace could not be written: {_error.Message}", _error);
        }

        SessionTotals totals = new(
            _streams.Sum(stream => stream.Attempted),
            _eventsWritten,
            _streams.Sum(stream => stream.Lost) + _eventsInLostBuffers,
            _buffersWritten,
            _buffersLost,
            _writer.Header.BufferSize);
        _writer.Complete(new EtlClosing(_clock.SystemTime, (uint)totals.EventsLost, (uint)totals.BuffersLost));
        return totals;
    }

    /// <summary>Ends the use of the stream, whatever has been written.</summary>
    public void Dispose()
    {
        if (!_full.IsAddingCompleted)
        {
            _full.CompleteAdding();
        }

        _flusher.Join();
        _writer.Dispose();
        _full.Dispose();
    }

    private EtlHeader Describe(int bufferSize, string fileName)
    {
        long now = _clock.SystemTime;
        return EtlWriterOptions.DefaultHeader with
        {
            BufferSize = bufferSize,
            OsBuild = SimulatedBuild,
            ProcessorCount = ProcessorImports.Count,
            StartTime = now,
            StartTicks = _clock.Now,
            BootTime = now - _clock.Now,
            PerfFrequency = KernelClock.Frequency,
            CpuMHz = 0,
            LoggerName = LoggerName,
            LogFileName = fileName,
        };
    }

    private static unsafe void Gather(ReadOnlySpan<EventDataDescriptor> pieces, Span<byte> room)
    {
        foreach (ref readonly EventDataDescriptor piece in pieces)
        {
            new ReadOnlySpan<byte>((void*)piece.Address, (int)piece.Size).CopyTo(room);
            room = room[(int)piece.Size..];
        }
    }

    /// <summary>Sees to it that the current buffer has room. Under the stream's gate.</summary>
    private bool MakeRoom(ProcessorStream stream, int processor, int length)
    {
        if (stream.Current is { } current)
        {
            if (current.Bytes.Length - current.Used >= length)
            {
                return true;
            }

            if (length > current.Bytes.Length)
            {
                return false;
            }

            Send(stream, processor, current);
        }

        SessionBuffer? next = _pool.TryTake();
        if (next is null)
        {
            return false;
        }

        if (length > next.Bytes.Length)
        {
            _pool.Return(next);
            return false;
        }

        next.AfterLoss = stream.LostSinceBuffer;
        stream.LostSinceBuffer = false;
        stream.Current = next;
        return true;
    }

    /// <summary>
    /// Hands a buffer to the flusher. Under the stream's gate, so that a processor's buffers are written in the order of their numbers.
    /// </summary>
    private void Send(ProcessorStream stream, int processor, SessionBuffer buffer)
    {
        stream.Current = null;
        buffer.Processor = processor;
        buffer.Sequence = Interlocked.Increment(ref _sequence);
        buffer.FlushedAt = _clock.Now;
        _full.Add(buffer);
    }

    private void Flush()
    {
        foreach (SessionBuffer buffer in _full.GetConsumingEnumerable())
        {
            if (TryWrite(buffer))
            {
                _buffersWritten++;
                _eventsWritten += buffer.Events;
            }
            else
            {
                _buffersLost++;
                _eventsInLostBuffers += buffer.Events;
            }

            _pool.Return(buffer);
        }
    }

    private bool TryWrite(SessionBuffer buffer)
    {
        if (_error is not null)
        {
            return false;
        }

        EtlBufferFlags flags = (buffer.AfterLoss ? EtlBufferFlags.EventsLost : 0) | (buffer.Last ? EtlBufferFlags.FlushMarker : 0);
        try
        {
            _writer.WriteBuffer(new EtlBuffer
            {
                Processor = buffer.Processor,
                Sequence = buffer.Sequence,
                Timestamp = buffer.FlushedAt,
                Flags = flags,
                Records = buffer.Bytes.AsSpan(0, buffer.Used),
            });
            return true;
        }
        catch (IOException error)
        {
            _error = error;
            return false;
        }
    }

    /// <summary>What one processor has.</summary>
    private sealed class ProcessorStream
    {
        internal Lock Gate { get; } = new();

        internal SessionBuffer? Current { get; set; }

        internal bool LostSinceBuffer { get; set; }

        internal long Attempted { get; set; }

        internal long Lost { get; set; }
    }
}
