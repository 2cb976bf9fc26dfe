using Tracing.Driver.Tests.Support;
using Tracing.Etl;
using Tracing.Host;
using Tracing.Host.Kernel;

namespace Tracing.Driver.Tests.Kernel;

/// <summary>
/// The provider's side of ETW by its DDI pages: EtwRegister, EtwUnregister, EtwWrite, and the callback ETWENABLECALLBACK.
/// </summary>
public unsafe class EtwTests
{
    private const int Success = 0;
    private const int InvalidHandle = unchecked((int)0xC0000008);
    private const int InvalidParameter = unchecked((int)0xC000000D);
    private const ulong Context = 0xC0FFEE;
    private static readonly Guid Activity = new("99999999-8888-7777-6666-555555555555");

    [Fact]
    public void The_callback_tells_enable_capture_and_disable_with_level_and_keywords()
    {
        using RecordedSession recorded = new(new SessionSettings { Level = 4, Keywords = 0x3A, MatchAllKeywords = 0x02 });
        using KernelFixture kernel = new(recorded.Session);
        Assert.True(kernel.Run(thread =>
        {
            ulong seen = kernel.Memory(96);
            using NativeCode callback = new(code => DriverRoutines.StoreArguments(code, seen, 0));
            ulong handle = Register(kernel, thread, callback);
            Assert.Equal(0ul, ((ulong*)seen)[6]);

            kernel.Kernel.Etw.Enable(thread);
            AssertCalled((ulong*)seen, code: 1, level: 4, any: 0x3A, all: 0x02);
            kernel.Kernel.Etw.CaptureState(thread);
            AssertCalled((ulong*)seen, code: 2, level: 4, any: 0x3A, all: 0x02);
            kernel.Kernel.Etw.DisableAll(thread);
            AssertCalled((ulong*)seen, code: 0, level: 0, any: 0, all: 0);

            kernel.Call(thread, "EtwUnregister", handle);
            kernel.Kernel.Etw.Enable(thread);
            Assert.Equal(0ul, ((ulong*)seen)[6]);
        }));
        Assert.Empty(kernel.Violations);
    }

    [Fact]
    public void A_provider_that_registers_while_the_session_listens_is_told_at_once()
    {
        using RecordedSession recorded = new(new SessionSettings { Keywords = 0 });
        using KernelFixture kernel = new(recorded.Session);
        Assert.True(kernel.Run(thread =>
        {
            kernel.Kernel.Etw.Enable(thread);
            ulong seen = kernel.Memory(96);
            using NativeCode callback = new(code => DriverRoutines.StoreArguments(code, seen, 0));
            Register(kernel, thread, callback);
            AssertCalled((ulong*)seen, code: 1, level: 5, any: ulong.MaxValue, all: 0);
        }));
    }

    [Fact]
    public void Pieces_of_a_payload_are_joined_in_order()
    {
        using RecordedSession recorded = new(new SessionSettings());
        using KernelFixture kernel = new(recorded.Session);
        Assert.True(kernel.Run(thread =>
        {
            Guid activity = Activity;
            kernel.Kernel.Etw.Enable(thread);
            ulong handle = Register(kernel, thread, null);
            ulong data = kernel.Memory(8);
            *(ulong*)data = 0x0807_0605_0403_0201;
            ulong* pieces = stackalloc ulong[6] { data + 4, 2, data, 0, data, 3 };
            ulong* descriptor = stackalloc ulong[2] { 0x0003_0504_1009_002A, 0x04 };
            Assert.Equal(Success, kernel.CallStatus(thread, "EtwWrite", handle, (ulong)descriptor, (ulong)&activity, 3, (ulong)pieces));
        }));
        recorded.Session.Stop();

        using EtlFile file = recorded.Open();
        int events = 0;
        foreach (EtlRecord record in file.ReadInTimeOrder())
        {
            if (record.Kind != EtlRecordKind.Event)
            {
                continue;
            }

            events++;
            Assert.Equal([5, 6, 1, 2, 3], record.Payload.ToArray());
            Assert.Equal((0x2A, 9, 0x10, 4, 5, 3), (record.Id, record.Version, record.Channel, record.Level, record.Opcode, record.Task));
            Assert.Equal(Activity, record.ActivityId);
        }

        Assert.Equal(1, events);
    }

    [Theory]
    [InlineData(1u, true, InvalidParameter, "data descriptor 0 of event 42 has 8 bytes at null")]
    [InlineData(129u, false, InvalidParameter, "129 data descriptors")]
    public void A_payload_that_cannot_be_read_is_a_violation(uint count, bool nullPiece, int status, string expected)
    {
        using RecordedSession recorded = new(new SessionSettings());
        using KernelFixture kernel = new(recorded.Session);
        Assert.True(kernel.Run(thread =>
        {
            ulong handle = Register(kernel, thread, null);
            ulong* pieces = stackalloc ulong[2] { nullPiece ? 0ul : (ulong)&handle, 8 };
            ulong* descriptor = stackalloc ulong[2] { 42 | (4ul << 32), 1 };
            Assert.Equal(status, kernel.CallStatus(thread, "EtwWrite", handle, (ulong)descriptor, 0, count, (ulong)pieces));
        }));
        Assert.Contains(expected, Assert.Single(kernel.Violations), StringComparison.Ordinal);
        Assert.Equal(0, recorded.Session.Stop().EventsAttempted);
    }

    [Fact]
    public void Writing_without_a_registration_is_a_violation_and_without_a_listener_is_not()
    {
        using RecordedSession recorded = new(new SessionSettings());
        using KernelFixture kernel = new(recorded.Session);
        Assert.True(kernel.Run(thread =>
        {
            ulong* descriptor = stackalloc ulong[2] { 42 | (4ul << 32), 1 };
            ulong handle = Register(kernel, thread, null);
            Assert.Equal(Success, kernel.CallStatus(thread, "EtwWrite", handle, (ulong)descriptor, 0, 0, 0));
            kernel.Call(thread, "EtwUnregister", handle);
            Assert.Empty(kernel.Violations);
            Assert.Equal(InvalidHandle, kernel.CallStatus(thread, "EtwWrite", handle, (ulong)descriptor, 0, 0, 0));
        }));
        Assert.Contains("is not registered", Assert.Single(kernel.Violations), StringComparison.Ordinal);
        Assert.Equal(0, recorded.Session.Stop().EventsAttempted);
    }

    private static ulong Register(KernelFixture kernel, SimulatedThread thread, NativeCode? callback)
    {
        Guid provider = RecordedSession.Provider;
        ulong handle = 0;
        ulong routine = callback is null ? 0 : (ulong)callback.Address;
        Assert.Equal(Success, kernel.CallStatus(thread, "EtwRegister", (ulong)&provider, routine, Context, (ulong)&handle));
        Assert.NotEqual(0ul, handle);
        return handle;
    }

    /// <summary>Source id, control code, level, match-any, match-all, filter data, context.</summary>
    private static void AssertCalled(ulong* seen, uint code, byte level, ulong any, ulong all)
    {
        Assert.NotEqual(0ul, seen[0]);
        Assert.Equal((code, level, any, all, 0ul, Context), ((uint)seen[1], (byte)seen[2], seen[3], seen[4], seen[5], seen[6]));
        new Span<ulong>(seen, 12).Clear();
    }
}
