namespace System.Runtime.CompilerServices;

/// <summary>Address arithmetic the language does not have: the compiler supplies the bodies.</summary>
public static unsafe class Unsafe
{
    /// <summary>The element <paramref name="offset"/> elements further.</summary>
    public static ref T Add<T>(ref T source, int offset) => ref *((T*)AsPointer(ref source) + offset);

    /// <summary>The address of a reference to memory that does not move: here, all of it.</summary>
    [Intrinsic]
    public static void* AsPointer<T>(ref T value) => AsPointer(ref value);

    /// <summary>A reference to the value at an address.</summary>
    public static ref T AsRef<T>(void* source) => ref *(T*)source;
}
