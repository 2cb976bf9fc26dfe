using Internal.Runtime.CompilerHelpers;

namespace System.Runtime;

/// <summary>
/// Casts between classes, which ILC asks for before it knows whether anything casts. Nothing does: the only objects are string
/// literals. Reaching one of these means that the image is broken.
/// </summary>
internal static unsafe class TypeCast
{
    internal static object? CheckCastAny(void* type, object? value) => Unreachable(value);

    internal static object? CheckCastInterface(void* type, object? value) => Unreachable(value);

    internal static object? CheckCastClass(void* type, object? value) => Unreachable(value);

    internal static object? CheckCastClassSpecial(void* type, object? value) => Unreachable(value);

    internal static object? IsInstanceOfAny(void* type, object? value) => Unreachable(value);

    internal static object? IsInstanceOfInterface(void* type, object? value) => Unreachable(value);

    internal static object? IsInstanceOfClass(void* type, object? value) => Unreachable(value);

    internal static bool IsInstanceOfException(void* type, object? value) => Unreachable(value) is not null;

    internal static void StelemRef(object?[] array, nint index, object? value) => _ = Unreachable(value);

    internal static ref object? LdelemaRef(object?[] array, nint index, nint type)
    {
        _ = Unreachable(array);
        return ref array[index];
    }

    private static object? Unreachable(object? value)
    {
        ThrowHelpers.ThrowInvalidProgramException();
        return value;
    }
}
