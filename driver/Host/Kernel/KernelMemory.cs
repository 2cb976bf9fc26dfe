using System.Runtime.InteropServices;

namespace Tracing.Host.Kernel;

/// <summary>Memory of the simulated kernel's own objects, all given back at its end. Thread-safe.</summary>
internal sealed unsafe class KernelMemory : IDisposable
{
    private readonly Lock _gate = new();
    private readonly List<nuint> _blocks = [];

    /// <summary>Gets zeroed memory, aligned to 16 bytes.</summary>
    internal void* Allocate(int size)
    {
        void* block = NativeMemory.AlignedAlloc((nuint)size, 16);
        NativeMemory.Clear(block, (nuint)size);
        lock (_gate)
        {
            _blocks.Add((nuint)block);
        }

        return block;
    }

    /// <summary>Gets memory holding a UNICODE_STRING and its characters.</summary>
    internal UnicodeString* AllocateString(string text)
    {
        int bytes = text.Length * sizeof(char);
        UnicodeString* result = (UnicodeString*)Allocate(sizeof(UnicodeString) + bytes);
        char* characters = (char*)(result + 1);
        text.CopyTo(new Span<char>(characters, text.Length));
        *result = new UnicodeString { Length = (ushort)bytes, MaximumLength = (ushort)bytes, Buffer = characters };
        return result;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (nuint block in _blocks)
            {
                NativeMemory.AlignedFree((void*)block);
            }

            _blocks.Clear();
        }
    }
}
