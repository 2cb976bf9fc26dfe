namespace Tracing.Benchmarks.NetTrace;

/// <summary>
/// The objects that a .nettrace file of version 4 is made of, which is the version that the .NET runtime writes. Facts from NetTraceFormat_v5.md of microsoft/perfview, which
/// tells of both.
/// </summary>
internal sealed class NetTraceObjects
{
    private const byte NullReference = 1;
    private const byte BeginObject = 5;
    private const byte EndObject = 6;
    private const int TraceVersion = 4;
    private const int BlockVersion = 2;
    private readonly BinaryWriter _output;

    /// <summary>Begins the file: what it is, and the object that tells of the trace as a whole.</summary>
    /// <param name="output">The file. It stays the caller's.</param>
    /// <param name="processors">How many there are.</param>
    /// <param name="processId">The process that was traced.</param>
    /// <param name="frequency">Ticks of the clock in a second.</param>
    public NetTraceObjects(BinaryWriter output, int processors, int processId, long frequency)
    {
        _output = output;
        _output.Write("Nettrace"u8);
        Write("!FastSerialization.1"u8);
        Begin("Trace"u8, TraceVersion);
        DateTime start = DateTime.UnixEpoch;
        foreach (int part in new[] { start.Year, start.Month, (int)start.DayOfWeek, start.Day, start.Hour, start.Minute, start.Second, start.Millisecond })
        {
            _output.Write((short)part);
        }

        const long StartTicks = 1;
        const int PointerSize = 8;
        const int SamplingRate = 0;
        _output.Write(StartTicks);
        _output.Write(frequency);
        _output.Write(PointerSize);
        _output.Write(processId);
        _output.Write(processors);
        _output.Write(SamplingRate);
        _output.Write(EndObject);
    }

    /// <summary>Adds a block. What is in it begins at a multiple of four bytes in the file.</summary>
    /// <param name="type">EventBlock, MetadataBlock or SPBlock, in UTF-8.</param>
    /// <param name="content">The block without its size.</param>
    public void Add(ReadOnlySpan<byte> type, ReadOnlySpan<byte> content)
    {
        Begin(type, BlockVersion);
        _output.Write(content.Length);
        while (_output.BaseStream.Position % 4 != 0)
        {
            _output.Write((byte)0);
        }

        _output.Write(content);
        _output.Write(EndObject);
    }

    /// <summary>Ends the file.</summary>
    public void Complete() => _output.Write(NullReference);

    private void Begin(ReadOnlySpan<byte> type, int version)
    {
        _output.Write(BeginObject);
        _output.Write(BeginObject);
        _output.Write(NullReference);
        _output.Write(version);
        _output.Write(version);
        Write(type);
        _output.Write(EndObject);
    }

    private void Write(ReadOnlySpan<byte> text)
    {
        _output.Write(text.Length);
        _output.Write(text);
    }
}
