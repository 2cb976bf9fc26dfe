using System.Runtime.CompilerServices;

namespace Tracing.Analysis.Loads;

/// <summary>
/// What is known by a number that the driver or the system gave, made at its first mention. Such numbers are small and close together, so most are
/// found by an index into an array; the rest, which only damaged recordings have many of, by hash.
/// </summary>
/// <typeparam name="T">What is kept.</typeparam>
/// <param name="make">Makes one of its number and of how many there are before it.</param>
public sealed class IdTable<T>(Func<ulong, int, T> make)
    where T : class
{
    // An array is taken while at least one in this many of its places is used: the memory follows what is kept, not the greatest number.
    private const ulong LeastFill = 64;
    private const ulong AlwaysNear = 256;

    private readonly List<T> _all = [];
    private readonly Dictionary<ulong, T> _others = [];
    private T?[] _near = [];

    /// <summary>All of them, in the order of their first mention.</summary>
    public IReadOnlyList<T> All => _all;

    /// <summary>The one of this number, made now if it is not there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Get(ulong id)
    {
        T?[] near = _near;
        return id < (ulong)near.Length && near[id] is T known ? known : FindOrMake(id);
    }

    /// <summary>The one of this number, or null.</summary>
    public T? Find(ulong id) => id < (ulong)_near.Length && _near[id] is T known ? known : _others.GetValueOrDefault(id);

    private T FindOrMake(ulong id)
    {
        if (Find(id) is T known)
        {
            if (id < (ulong)_near.Length)
            {
                _near[id] = known;
            }

            return known;
        }

        T made = make(id, _all.Count);
        _all.Add(made);
        if (id >= (ulong)_near.Length && id < AlwaysNear + ((ulong)_all.Count * LeastFill) && id < (ulong)Array.MaxLength / 2)
        {
            Array.Resize(ref _near, (int)(id + 1) * 2);
        }

        if (id < (ulong)_near.Length)
        {
            _near[id] = made;
        }
        else
        {
            _others.Add(id, made);
        }

        return made;
    }
}
