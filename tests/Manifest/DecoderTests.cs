using CsCheck;
using Tracing.Events;

namespace Tracing.Manifest.Tests;

/// <summary>Decoders over bytes written by hand, cut short at every length, of both pointer sizes, and over rubbish.</summary>
public sealed class DecoderTests
{
    /// <summary>A decoder whose result does not matter, only whether there is one.</summary>
    private delegate bool Decoder(ReadOnlySpan<byte> payload, int pointerSize, byte version);

    /// <summary>Each decoder, with the bytes of its fixed part apart from pointers, its pointers and its strings, worked out by hand.</summary>
    private static readonly (string Name, Decoder Read, int Bytes, int Pointers, int Strings)[] Decoders =
    [
        ("ProviderStarted", (payload, size, version) => ProviderStartedPayload.TryRead(payload, size, version, out _), 47, 0, 0),
        ("MutexAllocated", (payload, size, version) => MutexAllocatedPayload.TryRead(payload, size, version, out _), 34, 1, 1),
        ("MutexFreed", (payload, size, version) => MutexFreedPayload.TryRead(payload, size, version, out _), 93, 0, 0),
        ("AllocationFailed", (payload, size, version) => AllocationFailedPayload.TryRead(payload, size, version, out _), 13, 0, 0),
        ("SiteDefined", (payload, size, version) => SiteDefinedPayload.TryRead(payload, size, version, out _), 8, 0, 2),
        ("AcquireBlocked", (payload, size, version) => AcquireBlockedPayload.TryRead(payload, size, version, out _), 37, 0, 0),
        ("MutexAcquired", (payload, size, version) => MutexAcquiredPayload.TryRead(payload, size, version, out _), 39, 0, 0),
        ("AcquireFailed", (payload, size, version) => AcquireFailedPayload.TryRead(payload, size, version, out _), 29, 0, 0),
        ("MutexReleased", (payload, size, version) => MutexReleasedPayload.TryRead(payload, size, version, out _), 42, 0, 0),
        ("IrqlRejected", (payload, size, version) => IrqlRejectedPayload.TryRead(payload, size, version, out _), 25, 0, 0),
        ("MisuseDetected", (payload, size, version) => MisuseDetectedPayload.TryRead(payload, size, version, out _), 27, 0, 0),
        ("RundownStarted", (payload, size, version) => RundownStartedPayload.TryRead(payload, size, version, out _), 8, 0, 0),
        ("MutexState", (payload, size, version) => MutexStatePayload.TryRead(payload, size, version, out _), 128, 1, 1),
        ("RundownEnded", (payload, size, version) => RundownEndedPayload.TryRead(payload, size, version, out _), 8, 0, 0),
        ("ProviderStopped", (payload, size, version) => ProviderStoppedPayload.TryRead(payload, size, version, out _), 12, 0, 0),
    ];

    [Fact]
    public void There_is_a_decoder_for_each_template() =>
        Assert.Equal(Sources.Manifest.Templates.Select(template => template.Name), Decoders.Select(decoder => decoder.Name));

    [Theory]
    [InlineData(4)]
    [InlineData(8)]
    public void A_payload_cut_short_anywhere_is_refused_and_a_longer_one_read(int pointerSize)
    {
        foreach ((string name, Decoder read, int bytes, int pointers, int strings) in Decoders)
        {
            int whole = bytes + (pointers * pointerSize) + (strings * sizeof(char));
            byte[] zeros = new byte[whole + 9];
            for (int length = 0; length <= zeros.Length; length++)
            {
                Assert.True(read(zeros.AsSpan(0, length), pointerSize, 0) == length >= whole, $"{name}, {length} of {whole} bytes, pointers of {pointerSize}");
            }

            Assert.True(read(zeros, pointerSize, byte.MaxValue), $"{name} of a later version, with more at its end");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-8)]
    [InlineData(2)]
    [InlineData(16)]
    [InlineData(int.MaxValue)]
    public void A_pointer_size_that_no_machine_has_is_refused_where_it_matters(int pointerSize)
    {
        byte[] zeros = new byte[512];
        Assert.All(Decoders, decoder => Assert.Equal(decoder.Pointers == 0, decoder.Read(zeros, pointerSize, 0)));
    }

    [Theory]
    [InlineData(4, 0x8123_4567UL)]
    [InlineData(8, 0xFFFF_8000_8123_4567UL)]
    public void Fields_after_a_pointer_move_with_its_size(int pointerSize, ulong address)
    {
        byte[] payload = new PayloadBytes()
            .U64(71).Pointer(address, pointerSize).U8(2).U32(24).U32(208).U32(0x7478_4D4B).U8(1).U32(9).U64(123_456_789).Text("Counter").ToArray();
        Assert.True(MutexAllocatedPayload.TryRead(payload, pointerSize, 0, out MutexAllocatedPayload read));
        Assert.Equal(71UL, read.MutexId);
        Assert.Equal(address, read.Address);
        Assert.Equal(MutexKind.FastMutex, read.Kind);
        Assert.Equal(24U, read.DataSize);
        Assert.Equal(208U, read.PoolSize);
        Assert.Equal(0x7478_4D4BU, read.PoolTag);
        Assert.Equal(1, read.Irql);
        Assert.Equal(9U, read.SiteId);
        Assert.Equal(123_456_789UL, read.AllocatedAt);
        Assert.Equal("Counter", read.Label.ToString());
    }

    [Fact]
    public void Two_strings_follow_each_other()
    {
        byte[] payload = new PayloadBytes().U32(9).U32(128).Text("a.cs").Text("Main").ToArray();
        Assert.True(SiteDefinedPayload.TryRead(payload, 8, 0, out SiteDefinedPayload read));
        Assert.Equal("a.cs", read.File.ToString());
        Assert.Equal("Main", read.Member.ToString());
    }

    [Fact]
    public void A_string_without_end_is_refused_at_every_length()
    {
        byte[] payload = new PayloadBytes().U32(9).U32(128).Text("a.cs").Text("Main").ToArray();
        for (int length = 0; length < payload.Length; length++)
        {
            Assert.False(SiteDefinedPayload.TryRead(payload.AsSpan(0, length), 8, 0, out _), $"{length} of {payload.Length} bytes");
        }

        byte[] endless = [.. payload];
        endless.AsSpan(8).Fill(0x41);
        Assert.False(SiteDefinedPayload.TryRead(endless, 8, 0, out _));
    }

    [Fact]
    public void A_value_without_a_name_stays_what_it_is()
    {
        byte[] payload = new PayloadBytes().U8(200).U32(1).U32(2).U32(3).ToArray();
        Assert.True(AllocationFailedPayload.TryRead(payload, 8, 0, out AllocationFailedPayload read));
        Assert.Equal((MutexKind)200, read.Kind);
    }

    [Fact]
    public void Greatest_values_keep_every_bit()
    {
        byte[] ones = new byte[42];
        Array.Fill(ones, byte.MaxValue);
        Assert.True(MutexReleasedPayload.TryRead(ones, 8, 0, out MutexReleasedPayload read));
        Assert.Equal((ulong.MaxValue, ulong.MaxValue, ushort.MaxValue), (read.MutexId, read.Sequence, read.Depth));
        Assert.Equal((ulong.MaxValue, ulong.MaxValue, uint.MaxValue, uint.MaxValue), (read.AcquiredAt, read.ReleasedAt, read.Waiters, read.SiteId));
    }

    /// <summary>Whatever a trace holds, the typed decoder and the walk by the table agree on whether the payload is whole, and neither throws.</summary>
    [Fact]
    public void Rubbish_never_throws_and_both_ways_of_reading_agree() => Gen.Select(
        Gen.Frequency((1, Gen.Byte.Array[0, 200]), (1, Gen.Byte[0, 1].Array[0, 200])), Gen.Bool.Select(wide => wide ? 8 : 4), Gen.Byte, Gen.Int[0, Decoders.Length - 1]).Sample(
        (payload, pointerSize, version, which) =>
        {
            (string name, Decoder read, _, _, _) = Decoders[which];
            EventDescription description = KMutexEventTable.All.First(candidate => candidate.Template == name);
            EventFieldReader fields = new(description, payload, pointerSize);
            while (fields.MoveNext())
            {
                _ = fields.Current.ToString();
            }

            Assert.Equal(read(payload, pointerSize, version), !fields.IsCutShort);
        });
}
