using Tracing.Host.Native;
using Tracing.Host.Thunks;

namespace Tracing.Driver.Tests.Support;

/// <summary>Machine code made by a test, executable until it is disposed.</summary>
internal sealed unsafe class NativeCode : IDisposable
{
    private readonly nuint _size;

    internal NativeCode(Action<CodeWriter> write)
    {
        CodeWriter code = new();
        write(code);
        byte[] bytes = code.ToArray();
        _size = (nuint)bytes.Length;
        Address = SealedCode.Place(bytes);
    }

    internal byte* Address { get; }

    public void Dispose() => PageMemory.Current.Free(Address, _size);
}
