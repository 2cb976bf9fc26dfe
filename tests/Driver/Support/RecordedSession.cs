using Tracing.Etl;
using Tracing.Host;
using Tracing.Host.Kernel;
using Tracing.Host.Session;

namespace Tracing.Driver.Tests.Support;

/// <summary>A session that writes to memory, and what is in the file when it has stopped.</summary>
internal sealed class RecordedSession : IDisposable
{
    private readonly MemoryStream _memory = new();

    internal RecordedSession(SessionSettings settings, Func<Stream, Stream>? around = null)
    {
        Session = new TraceSession(around?.Invoke(_memory) ?? _memory, "test.etl", settings, KernelClock.Real);
    }

    internal TraceSession Session { get; }

    /// <summary>Writes an event with a payload of some bytes, straight into the session.</summary>
    internal unsafe bool Write(ushort id, int payload, uint thread = 12)
    {
        byte[] bytes = new byte[payload];
        ulong* descriptor = stackalloc ulong[2];
        descriptor[0] = id | (4ul << 32);
        descriptor[1] = 1;
        fixed (byte* pointer = bytes)
        {
            ulong* piece = stackalloc ulong[2];
            piece[0] = (ulong)pointer;
            piece[1] = (uint)payload;
            return Session.Write(
                Thread.GetCurrentProcessorId() % ProcessorImports.Count,
                thread,
                Provider,
                in *(EventDescriptor*)descriptor,
                Guid.Empty,
                payload == 0 ? [] : new ReadOnlySpan<EventDataDescriptor>(piece, 1));
        }
    }

    internal static Guid Provider { get; } = new("11111111-2222-3333-4444-555555555555");

    /// <summary>Opens what was written.</summary>
    internal EtlFile Open() => EtlFile.Open(_memory.ToArray(), "test.etl");

    public void Dispose()
    {
        Session.Dispose();
        _memory.Dispose();
    }
}
