namespace Tracing.Driver;

/// <summary>Data in non-paged pool of its own. The value is a handle: one of its copies is freed, once.</summary>
/// <typeparam name="T">The data.</typeparam>
internal unsafe struct PoolBox<T>
    where T : unmanaged
{
    /// <summary>Reads <c>kmtb</c> in PoolMon: not the tag of mutexes, whose leaks it would hide.</summary>
    internal const uint PoolTag = 'k' | ('m' << 8) | ('t' << 16) | ('b' << 24);

    private T* _data;

    /// <summary>Whether there is data: false before it was filled in, and after <see cref="Free"/>.</summary>
    internal readonly bool IsAllocated => _data != null;

    /// <summary>The data. Only while <see cref="IsAllocated"/>.</summary>
    internal readonly ref T Value => ref *_data;

    /// <summary>Copies data into pool. IRQL: &lt;= DISPATCH_LEVEL.</summary>
    internal static bool TryAllocate(in T data, out PoolBox<T> box)
    {
        box = default;
        box._data = (T*)Kernel.ExAllocatePool2(PoolFlags.NonPaged, (nuint)sizeof(T), PoolTag);
        if (box._data == null)
        {
            return false;
        }

        *box._data = data;
        return true;
    }

    /// <summary>Frees the data, if there is any; this handle becomes empty, copies of it dangle. IRQL: &lt;= DISPATCH_LEVEL.</summary>
    internal void Free()
    {
        if (_data != null)
        {
            Kernel.ExFreePoolWithTag(_data, PoolTag);
            _data = null;
        }
    }
}
