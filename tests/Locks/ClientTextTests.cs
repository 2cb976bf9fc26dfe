using System;
using System.Linq;
using System.Text;
using Tracing.Events;

namespace Tracing.Driver.Tests;

/// <summary>What other drivers hand over as text: labels and call sites.</summary>
[Collection(Kernel.Machine)]
public sealed unsafe class ClientTextTests : IDisposable
{
    private const int Much = 1000;

    public ClientTextTests() => Kernel.Restart();

    public void Dispose() => Kernel.Pool.Clear();

    [Theory]
    [InlineData("")]
    [InlineData("tests/Driver/Client/client.cpp")]
    [InlineData("Größe \u0080\u07FF\u0800\uD7FF\uE000\uFFFD\uFFFF")]
    [InlineData("\U00010000 \U0001F512 \U0010FFFF")]
    public void Well_formed_text_arrives_as_it_is(string text) => Assert.Equal(text, Read(Encoding.UTF8.GetBytes(text)));

    [Theory]
    [InlineData("a stray continuation", new byte[] { 0x80, 0x41 }, "\uFFFDA")]
    [InlineData("an overlong slash", new byte[] { 0xC0, 0xAF }, "\uFFFD\uFFFD")]
    [InlineData("an overlong slash of three", new byte[] { 0xE0, 0x80, 0xAF }, "\uFFFD")]
    [InlineData("a surrogate", new byte[] { 0xED, 0xA0, 0x80 }, "\uFFFD")]
    [InlineData("cut short", new byte[] { 0xE2, 0x82 }, "\uFFFD")]
    [InlineData("cut short by a letter", new byte[] { 0xF0, 0x9F, 0x41 }, "\uFFFDA")]
    [InlineData("beyond Unicode", new byte[] { 0xF4, 0x90, 0x80, 0x80 }, "\uFFFD")]
    [InlineData("no first byte", new byte[] { 0xFF, 0x41 }, "\uFFFDA")]
    [InlineData("Latin-1", new byte[] { 0x47, 0x72, 0xF6, 0xDF, 0x65 }, "Gr\uFFFD\uFFFDe")]
    public void Ill_formed_text_is_replaced_and_never_read_past_its_end(string what, byte[] text, string expected)
    {
        Assert.Equal(expected, Read(text));
        Assert.NotEmpty(what);
    }

    [Fact]
    public void No_text_is_an_empty_one() => Assert.Equal(0, Utf8Text.Measure(null, Much));

    [Fact]
    public void A_label_is_kept_in_the_mutex_and_cut_at_127_units()
    {
        byte[] text = [.. Encoding.ASCII.GetBytes(new string('x', 128)), 0];
        CallSite nowhere = new(null);
        MutexHeader* mutex;
        fixed (byte* label = text)
        {
            Assert.Equal(MutexError.None, MutexBlock.Allocate(MutexKind.KMutex, 5, new MutexLabel(label), out mutex, in nowhere));
        }

        Array.Clear(text);
        Assert.Equal(new string('x', 127), new string(mutex->Label));
        Assert.Equal(127, mutex->LabelLength);

        // Five bytes of data, one to align, 127 characters and their zero.
        Assert.Equal(MutexBlock.DataOffset + 6 + (128 * 2), mutex->PoolSize);
        Assert.Equal(5u, mutex->DataSize);
        Assert.Equal(MutexError.None, MutexBlock.Free(mutex, FreeReason.Disposed, in nowhere));
    }

    [Fact]
    public void A_site_is_known_by_its_text_wherever_that_lies_and_by_its_line()
    {
        uint number = Resolve("client-a.cpp", 10);
        Assert.NotEqual(0u, number);
        Assert.Equal(number, Resolve("client-a.cpp", 10));
        Assert.NotEqual(number, Resolve("client-a.cpp", 11));
        Assert.NotEqual(number, Resolve("client-b.cpp", 10));
    }

    [Fact]
    public void A_site_can_be_named_when_its_client_is_gone()
    {
        _ = Resolve("client-gone.cpp", 77);
        KMutexEvents.Recompute(true, 5, 0, 0);
        SiteTable.WriteAll();
        Assert.Contains(Kernel.Events, written => Names(written.Id, written.Payload, "client-gone.cpp", 77));
    }

    private static bool Names(int id, byte[] payload, string file, uint line) =>
        id == (int)KMutexEventId.SiteDefined
        && SiteDefinedPayload.TryRead(payload, 8, 0, out SiteDefinedPayload site)
        && site.File.SequenceEqual(file)
        && site.Line == line;

    /// <summary>Resolves a site whose texts are overwritten right after the call.</summary>
    private static uint Resolve(string file, uint line)
    {
        byte[] text = [.. Encoding.UTF8.GetBytes(file), 0];
        fixed (byte* characters = text)
        {
            ClientSite site = new() { Size = (uint)sizeof(ClientSite), Line = line, File = characters, Function = characters };
            uint number = SiteTable.Resolve(new CallSite(&site));
            Array.Clear(text);
            return number;
        }
    }

    private static string Read(byte[] text)
    {
        byte[] terminated = [.. text, 0, 0x58];
        char[] units = new char[Much];
        fixed (byte* at = terminated)
        {
            fixed (char* destination = units)
            {
                int length = Utf8Text.Measure(at, Much - 1);
                Utf8Text.Copy(at, destination, length);
                return new string(units, 0, length);
            }
        }
    }
}
