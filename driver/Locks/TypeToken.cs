namespace Tracing.Driver;

/// <summary>
/// Tells types apart without reflection: each <typeparamref name="T"/> has a static byte of its own, whose address is the type's identity as long as
/// the image is loaded. It is data, not code: linkers fold equal functions into one, but never two variables.
/// </summary>
/// <typeparam name="T">The type.</typeparam>
internal static unsafe class TypeToken<T>
    where T : unmanaged
{
#pragma warning disable CS0649, IDE0044 // Only the address matters, and writable data is what a linker never folds.
    private static byte _mark;
#pragma warning restore CS0649, IDE0044

    /// <summary>The identity; never 0.</summary>
    internal static nuint Value
    {
        get
        {
            fixed (byte* mark = &_mark)
            {
                return (nuint)mark;
            }
        }
    }
}
