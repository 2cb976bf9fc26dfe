using Tracing.Analyzer.Tests.Files;

namespace Tracing.Cli.Tests;

/// <summary>Small traces for the command to read.</summary>
internal static class Traces
{
    private const long T = TraceBuilder.StartTicks;

    public static readonly Guid OtherProvider = new("11111111-2222-3333-4444-555555555555");

    /// <summary>Two threads and one mutex, one of them waits.</summary>
    public static byte[] Contended => new TraceBuilder()
        .Started(T + 10)
        .Allocated(T + 30, mutex: 1, label: "DeviceQueue")
        .Acquired(T + 100, thread: 11, mutex: 1, sequence: 1, acquiredAt: T + 99)
        .Blocked(T + 120, thread: 12, mutex: 1, requestedAt: T + 119)
        .Released(T + 205, thread: 11, mutex: 1, sequence: 1, acquiredAt: T + 99, releasedAt: T + 200)
        .Acquired(T + 203, thread: 12, mutex: 1, sequence: 2, acquiredAt: T + 201, requestedAt: T + 119)
        .Released(T + 260, thread: 12, mutex: 1, sequence: 2, acquiredAt: T + 201, releasedAt: T + 251)
        .Stopped(T + 400, live: 1, bytes: 128)
        .Build();

    /// <summary>One mutex that is waited for, and one that is held for longer.</summary>
    public static byte[] TwoMutexes => new TraceBuilder()
        .Allocated(T + 30, mutex: 1, label: "Waited")
        .Allocated(T + 40, mutex: 2, label: "Held")
        .Acquired(T + 100, thread: 11, mutex: 1, sequence: 1, acquiredAt: T + 99, requestedAt: T + 50)
        .Released(T + 110, thread: 11, mutex: 1, sequence: 1, acquiredAt: T + 99, releasedAt: T + 105)
        .Acquired(T + 200, thread: 11, mutex: 2, sequence: 1, acquiredAt: T + 200)
        .Released(T + 900, thread: 11, mutex: 2, sequence: 1, acquiredAt: T + 200, releasedAt: T + 900)
        .Build();

    /// <summary>Five buffers and more of acquires and releases.</summary>
    public static byte[] Long => LongOf(150);

    /// <summary>So many acquires, each with its release.</summary>
    public static byte[] LongOf(int acquires)
    {
        var trace = new TraceBuilder();
        for (int i = 0; i < acquires; i++)
        {
            long at = T + 10 + (i * 10);
            trace.Acquired(at, 11, 1, (ulong)(i + 1), (ulong)at).Released(at + 5, 11, 1, (ulong)(i + 1), (ulong)at, (ulong)at + 4);
        }

        return trace.Build();
    }

    /// <summary>One event of another provider.</summary>
    public static byte[] WithoutDriver => new TraceBuilder()
        .Add(77, T + 1234, 11, payload => payload.U32(0xDDCCBBAA).U64(1).U64(2).U64(3), provider: OtherProvider)
        .Build();

    /// <summary>A label as a forger would choose it.</summary>
    public static byte[] Hostile => new TraceBuilder()
        .Allocated(T + 30, mutex: 1, label: "\u001b[2J<script>alert(1)</script>\u202e")
        .Acquired(T + 100, thread: 11, mutex: 1, sequence: 1, acquiredAt: T + 99)
        .Build();
}
