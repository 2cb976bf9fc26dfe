using System.Buffers.Binary;
using System.Text;
using Tracing.Host.Loading;

namespace Tracing.Driver.Tests.Support;

/// <summary>
/// A copy of the real driver in which the stub that leads to one import, <c>jmp [rip + slot]</c>, is replaced by other instructions: a
/// driver with a bug where the real one has none.
/// </summary>
internal static class PatchedDriver
{
    private const int JumpLength = 6;

    /// <summary>Replaces the stub.</summary>
    /// <param name="driver">The bytes of kmutex.sys; not changed.</param>
    /// <param name="import">A name that it imports.</param>
    /// <param name="instead">At most six bytes of code; filled up with <c>nop</c>.</param>
    /// <returns>The patched driver, and the RVA of what was replaced.</returns>
    internal static (byte[] Driver, uint Rva) Replace(byte[] driver, string import, params ReadOnlySpan<byte> instead)
    {
        PeLayout layout = PeLayout.Parse(driver, "kmutex.sys");
        uint slot = SlotOf(driver, layout, import);
        PeSection text = layout.Sections.Single(section => section.Name == ".text");
        byte[] patched = [.. driver];
        List<uint> stubs = [];
        for (uint at = 0; at + JumpLength <= text.FileSize; at++)
        {
            Span<byte> code = patched.AsSpan((int)(text.FileOffset + at), JumpLength);
            uint next = text.Rva + at + JumpLength;
            if (code is [0xFF, 0x25, ..] && next + BinaryPrimitives.ReadUInt32LittleEndian(code[2..]) == slot)
            {
                code.Fill(0x90);
                instead.CopyTo(code);
                stubs.Add(text.Rva + at);
            }
        }

        return (patched, Assert.Single(stubs));
    }

    /// <summary>The RVA of the import's slot in the import address table.</summary>
    private static uint SlotOf(byte[] driver, PeLayout layout, string import)
    {
        uint descriptor = layout.Imports.Rva;
        for (uint index = 0; ; index++)
        {
            ulong name = BinaryPrimitives.ReadUInt64LittleEndian(At(driver, layout, Word(driver, layout, descriptor) + (8 * index)));
            Assert.NotEqual(0ul, name);
            ReadOnlySpan<byte> text = At(driver, layout, (uint)name + 2);
            if (Encoding.ASCII.GetString(text[..text.IndexOf((byte)0)]) == import)
            {
                return Word(driver, layout, descriptor + 16) + (8 * index);
            }
        }
    }

    private static uint Word(byte[] driver, PeLayout layout, uint rva) => BinaryPrimitives.ReadUInt32LittleEndian(At(driver, layout, rva));

    private static ReadOnlySpan<byte> At(byte[] driver, PeLayout layout, uint rva)
    {
        PeSection section = layout.Sections.Last(candidate => candidate.Rva <= rva);
        return driver.AsSpan((int)(section.FileOffset + rva - section.Rva));
    }
}
