using Tracing.Host.Native;

namespace Tracing.Host.Thunks;

/// <summary>Puts finished code into memory: written while the pages are data, executable only once they are read-only.</summary>
internal static unsafe class SealedCode
{
    /// <summary>Returns the address of the code. The pages are of whole size <see cref="PageMemory.RoundUp"/>(length).</summary>
    internal static byte* Place(ReadOnlySpan<byte> code)
    {
        byte* pages = PageMemory.Current.Allocate((nuint)code.Length);
        code.CopyTo(new Span<byte>(pages, code.Length));
        PageMemory.Current.Protect(pages, (nuint)code.Length, PageProtection.ReadExecute);
        return pages;
    }
}
