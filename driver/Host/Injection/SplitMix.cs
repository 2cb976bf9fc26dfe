namespace Tracing.Host.Injection;

/// <summary>Numbers from a seed. Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014: SplitMix64.</summary>
internal static class SplitMix
{
    private const ulong Golden = 0x9E37_79B9_7F4A_7C15;

    /// <summary>The number of a state: neighbouring states have unrelated numbers.</summary>
    internal static ulong Mix(ulong state)
    {
        ulong mixed = state + Golden;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58_476D_1CE4_E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D0_49BB_1331_11EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>The next number of a sequence.</summary>
    internal static ulong Next(ref ulong state)
    {
        ulong number = Mix(state);
        state += Golden;
        return number;
    }
}
