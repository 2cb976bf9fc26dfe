using System.Runtime.CompilerServices;

namespace System.Threading;

/// <summary>
/// Atomic operations, each a full barrier. The bodies call themselves because the compiler replaces them: a call that it did not
/// replace would not compile.
/// </summary>
public static class Interlocked
{
    /// <summary>Stores <paramref name="value"/> if the location holds <paramref name="comparand"/>; returns what it held.</summary>
    [Intrinsic]
    public static int CompareExchange(ref int location, int value, int comparand) => CompareExchange(ref location, value, comparand);

    /// <summary>Stores <paramref name="value"/> if the location holds <paramref name="comparand"/>; returns what it held.</summary>
    [Intrinsic]
    public static long CompareExchange(ref long location, long value, long comparand) => CompareExchange(ref location, value, comparand);

    /// <summary>Adds one; returns the new value.</summary>
    public static int Increment(ref int location) => ExchangeAdd(ref location, 1) + 1;

    /// <summary>Adds one; returns the new value.</summary>
    public static long Increment(ref long location) => ExchangeAdd(ref location, 1) + 1;

    /// <summary>Takes one away; returns the new value.</summary>
    public static int Decrement(ref int location) => ExchangeAdd(ref location, -1) - 1;

    /// <summary>Adds; returns what the location held before.</summary>
    [Intrinsic]
    private static int ExchangeAdd(ref int location, int value) => ExchangeAdd(ref location, value);

    /// <summary>Adds; returns what the location held before.</summary>
    [Intrinsic]
    private static long ExchangeAdd(ref long location, long value) => ExchangeAdd(ref location, value);
}
