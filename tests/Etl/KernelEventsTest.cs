using System.Text;
using CsCheck;
using Tracing.Etl.Kernel;

namespace Tracing.Etl.Tests;

/// <summary>The kernel's own events mean to us what they mean to TraceEvent's parsers.</summary>
public sealed class KernelEventsTest
{
    private static readonly byte[] NoSid = [0, 0, 0, 0];

    /// <summary>What the payload of each event begins with, by version: so many fixed bytes and pointers, then perhaps a SID and texts.</summary>
    private static readonly Layout[] Layouts =
    [
        .. Each([KernelHook.ProcessStart, KernelHook.ProcessEnd, KernelHook.ProcessRundownStart, KernelHook.ProcessRundownEnd], [
            new(1, 16, 1, Sid: true, Text: true), new(2, 16, 1, Sid: true, Text: true, Wide: true),
            new(3, 16, 2, Sid: true, Text: true, Wide: true), new(4, 20, 2, Sid: true, Text: true, Wide: true)]),
        .. Each([KernelHook.ThreadStart, KernelHook.ThreadEnd, KernelHook.ThreadRundownStart, KernelHook.ThreadRundownEnd], [
            new(2, 12, 7), new(3, 16, 7, Wide: true), new(4, 16, 7, Wide: true)]),
        .. Each([KernelHook.ThreadSetName], [new(2, 8, 0, Wide: true)]),
        .. Each([KernelHook.ImageLoad, KernelHook.ImageUnload, KernelHook.ImageRundownStart, KernelHook.ImageRundownEnd, KernelHook.ProcessImageLoad], [
            new(1, 4, 2, Wide: true), new(2, 32, 3, Wide: true), new(3, 32, 3, Wide: true)]),
        .. Each([KernelHook.ContextSwitch], [new(1, 20, 0), new(2, 24, 0), new(4, 24, 0)]),
        .. Each([KernelHook.ReadyThread], [new(2, 8, 0)]),
        .. Each([KernelHook.Dpc, KernelHook.ThreadedDpc, KernelHook.TimerDpc], [new(2, 8, 1)]),
        .. Each([KernelHook.Interrupt], [new(2, 12, 1)]),
        .. Each([KernelHook.SampledProfile], [new(2, 8, 1)]),
        .. Each([KernelHook.StackWalk], [new(2, 16, 0), new(2, 16, 1), new(2, 16, 30)]),
        .. Each([KernelHook.StackKeyKernel, KernelHook.StackKeyUser], [new(2, 16, 1)]),
        .. Each([KernelHook.StackKeyDelete, KernelHook.StackKeyRundown], [new(2, 0, 1), new(2, 0, 40)]),
    ];

    [Fact]
    public void Any_bytes_mean_what_TraceEvent_says_they_mean()
    {
        Gen<byte[]> traces = Gen.Select(Gen.Int[0, Layouts.Length - 1], Gen.Bool, Gen.Byte.Array[512], Gen.Bool)
            .Select((layout, is64, noise, hasSid) => Record(Layouts[layout], is64, noise, hasSid))
            .Array[1, 8]
            .Select(records => Traces.Write(records.Select((record, i) => (0, i + 1L, record))));

        traces.Sample(
            trace =>
            {
                using EtlFile file = Traces.Open(trace);
                List<string> ours = KernelLines.Ours(file);
                Assert.NotEmpty(ours);
                Assert.Equal(KernelLines.TraceEvents(file), ours);
            },
            iter: 400);
    }

    [Theory]
    [MemberData(nameof(RealTraces.Names), MemberType = typeof(RealTraces))]
    public void In_real_traces_they_mean_what_TraceEvent_says_they_mean(string name)
    {
        using EtlFile file = EtlFile.Open(RealTraces.PathOf(name));
        List<string> ours = KernelLines.Ours(file);

        Assert.Equal(KernelLines.TraceEvents(file), ours);
        if (name == "net.4.5.2.x64.etl")
        {
            // What this trace is known to hold: the format notes, sections 4 and 8.
            Assert.Equal(
                ["debug", "definition", "image", "process", "reference", "sample", "stack", "thread"],
                ours.Select(line => line[..line.IndexOf(' ', StringComparison.Ordinal)]).Distinct().Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public void A_payload_cut_anywhere_is_read_within_its_bounds_or_not_at_all()
    {
        foreach (Layout layout in Layouts)
        {
            foreach (bool is64 in new[] { false, true })
            {
                byte[] payload = Payload(layout, is64, [.. Enumerable.Range(1, 512).Select(i => (byte)i)], hasSid: true);
                byte[] records = [.. Enumerable.Range(0, payload.Length).SelectMany(length => RecordBytes.System(Traces.StartTicks, layout.Hook, payload[..length], is64, (byte)layout.Version))];
                using EtlFile file = Traces.Open(Traces.Write([(0, 1, records)], Traces.Header with { BufferSize = 1 << 20 }));

                // The shortest are refused, whatever they are; the longest lack but the last byte of a text, or of the last field.
                Assert.InRange(KernelLines.Ours(file).Count, 0, payload.Length - 4);
            }
        }
    }

    [Fact]
    public void A_deferred_call_and_an_interrupt_tell_when_they_began()
    {
        byte[] payload = [.. BitConverter.GetBytes(Traces.StartTicks + 3), .. BitConverter.GetBytes(0xFFFF_F800_0000_1000), 1, 0x51, 0, 0];
        using EtlFile file = Traces.Open(Traces.Write([(0, 1, [
            .. RecordBytes.PerfInfo(Traces.StartTicks + 10, KernelHook.TimerDpc, payload[..16]),
            .. RecordBytes.PerfInfo(Traces.StartTicks + 11, KernelHook.Interrupt, payload)])]));
        EtlTimeline timeline = file.ReadInTimeOrder();
        Assert.True(timeline.MoveNext() && timeline.MoveNext());

        Assert.True(DeferredCall.TryRead(timeline.Current, out DeferredCall call));
        Assert.Equal((Traces.StartTicks + 3, Traces.StartTicks + 10), (call.EnteredAt, timeline.Current.Time));
        Assert.True(timeline.MoveNext());
        Assert.True(Interrupt.TryRead(timeline.Current, out Interrupt interrupt));
        Assert.Equal((Traces.StartTicks + 3, true, 0x51), (interrupt.EnteredAt, interrupt.Claimed, interrupt.Vector));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_first_versions_are_read_as_documented(bool is64)
    {
        // Process_V0_TypeGroup1 has ids as wide as a pointer, then SID and name; Thread_V0_TypeGroup1 has thread and process; Image_V0 has base, size, name.
        byte[] Pointer(int value) => is64 ? BitConverter.GetBytes((long)value) : BitConverter.GetBytes(value);
        byte[] process = [.. Pointer(41), .. Pointer(40), .. NoSid, .. "smss.exe\0"u8];
        byte[] thread = [.. BitConverter.GetBytes(7), .. BitConverter.GetBytes(41)];
        byte[] image = [.. Pointer(0x40_0000), .. BitConverter.GetBytes(0x2000), .. Encoding.Unicode.GetBytes("smss.exe\0")];
        using EtlFile file = Traces.Open(Traces.Write([(0, 1, [
            .. RecordBytes.System(Traces.StartTicks + 1, KernelHook.ProcessStart, process, is64, version: 0),
            .. RecordBytes.System(Traces.StartTicks + 2, KernelHook.ThreadStart, thread, is64, version: 0),
            .. RecordBytes.System(Traces.StartTicks + 3, KernelHook.ImageLoad, image, is64, version: 0)])]));

        Assert.Equal(["process Start 41 40 -1 0 smss.exe ", "thread Start 7 41 0 ", "image Start 400000 8192 -1 0 0 smss.exe"], KernelLines.Ours(file));
    }

    private static IEnumerable<Layout> Each(ushort[] hooks, Layout[] layouts) => hooks.SelectMany(hook => layouts.Select(layout => layout with { Hook = hook }));

    // Lives are told in records with a thread and a process, which are those of the payload; TraceEvent believes the former. All others are in records with neither.
    private static byte[] Record(Layout layout, bool is64, byte[] noise, bool hasSid)
    {
        byte[] payload = Payload(layout, is64, noise, hasSid);
        long time = Traces.StartTicks + 1 + noise[0];
        if (!IsLife(layout.Hook))
        {
            return RecordBytes.PerfInfo(time, layout.Hook, payload, is64, (byte)layout.Version);
        }

        int processAt = layout.Hook is >= KernelHook.ImageUnload or KernelHook.ProcessImageLoad ? (is64 ? 16 : 8) : 0;
        return RecordBytes.System(
            time, layout.Hook, payload, is64, (byte)layout.Version, BitConverter.ToInt32(noise, 4), BitConverter.ToInt32(noise, processAt));
    }

    private static bool IsLife(ushort hook) =>
        hook is <= KernelHook.ThreadRundownEnd or KernelHook.ThreadSetName or (>= KernelHook.ImageUnload and <= KernelHook.ImageLoad);

    private static byte[] Payload(Layout layout, bool is64, byte[] noise, bool hasSid)
    {
        int pointer = is64 ? 8 : 4;
        List<byte> payload = [.. noise[..(layout.FixedBytes + (layout.Pointers * pointer))]];
        if (layout.Sid)
        {
            // TOKEN_USER, then revision, count of sub-authorities, authority, sub-authorities.
            byte subAuthorities = (byte)(noise[500] % 6);
            payload.AddRange(hasSid ? [1, .. noise[..((2 * pointer) - 1)], 1, subAuthorities, .. noise[..6], .. noise[..(4 * subAuthorities)]] : NoSid);
        }

        if (layout.Text)
        {
            payload.AddRange([.. Encoding.ASCII.GetBytes($"program{noise[501]}.exe"), 0]);
        }

        if (layout.Wide)
        {
            payload.AddRange(Encoding.Unicode.GetBytes($"Грüße {noise[502]}\0"));
        }

        return [.. payload];
    }

    private sealed record Layout(int Version, int FixedBytes, int Pointers, bool Sid = false, bool Text = false, bool Wide = false, ushort Hook = 0);
}
