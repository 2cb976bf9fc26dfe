namespace System;

/// <summary>Block operations: the compiler calls these for large copies and fills. Plain loops, which it never turns back into calls.</summary>
internal static unsafe class SpanHelpers
{
    /// <summary>Copies bytes; the blocks may overlap.</summary>
    internal static void Memmove(ref byte destination, ref byte source, nuint length)
    {
        fixed (byte* to = &destination)
        {
            fixed (byte* from = &source)
            {
                if ((nuint)to - (nuint)from >= length)
                {
                    CopyForward(to, from, length);
                }
                else
                {
                    CopyBackward(to, from, length);
                }
            }
        }
    }

    /// <summary>Sets bytes to a value.</summary>
    internal static void Fill(ref byte destination, byte value, nuint length)
    {
        fixed (byte* to = &destination)
        {
            for (nuint i = 0; i < length; i++)
            {
                to[i] = value;
            }
        }
    }

    /// <summary>Sets bytes to zero.</summary>
    internal static void ClearWithoutReferences(ref byte destination, nuint length) => Fill(ref destination, 0, length);

    private static void CopyForward(byte* to, byte* from, nuint length)
    {
        nuint done = 0;
        for (; done + sizeof(ulong) <= length; done += sizeof(ulong))
        {
            *(ulong*)(to + done) = *(ulong*)(from + done);
        }

        for (; done < length; done++)
        {
            to[done] = from[done];
        }
    }

    private static void CopyBackward(byte* to, byte* from, nuint length)
    {
        while (length != 0)
        {
            length--;
            to[length] = from[length];
        }
    }
}

/// <summary>Named by ILC for copies of memory that holds references. There is none here.</summary>
internal static class Buffer
{
    /// <summary>Copies bytes; the blocks may overlap.</summary>
    internal static void BulkMoveWithWriteBarrier(ref byte destination, ref byte source, nuint length) =>
        SpanHelpers.Memmove(ref destination, ref source, length);
}
