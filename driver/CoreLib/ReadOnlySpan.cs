using System.Runtime.CompilerServices;

namespace System;

/// <summary>A run of values in memory that is only read: what a <c>u8</c> or blob literal becomes.</summary>
/// <typeparam name="T">The element.</typeparam>
public readonly ref struct ReadOnlySpan<T>
{
    private readonly ref T _reference;
    private readonly int _length;

    /// <summary>A blob in the image: the C# compiler emits this for literals.</summary>
    public unsafe ReadOnlySpan(void* pointer, int length)
    {
        _reference = ref *(T*)pointer;
        _length = length;
    }

    /// <summary>The C# compiler looks this up before it allows <c>u8</c> literals; it is never called.</summary>
    public ReadOnlySpan(T[] array, int start, int length)
    {
        _reference = ref array[start];
        _length = length;
    }

    /// <summary>Number of elements.</summary>
    public int Length => _length;

    /// <summary>One element. An index outside stops the machine.</summary>
    public ref readonly T this[int index]
    {
        get
        {
            if ((uint)index >= (uint)_length)
            {
                Internal.Runtime.CompilerHelpers.ThrowHelpers.ThrowIndexOutOfRangeException();
            }

            return ref Unsafe.Add(ref _reference, index);
        }
    }

    /// <summary>What <c>fixed</c> takes the address of.</summary>
    public ref readonly T GetPinnableReference() => ref _reference;
}
