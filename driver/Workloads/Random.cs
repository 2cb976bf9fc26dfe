namespace Tracing.Driver;

/// <summary>
/// Random numbers that a seed fixes: SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014).
/// </summary>
internal struct Random
{
    private const ulong Step = 0x9E37_79B9_7F4A_7C15;

    private ulong _state;

    /// <summary>A stream of its own for each thread of a run.</summary>
    internal Random(ulong seed, uint thread)
    {
        _state = seed + (thread * Step);
        _state = Next();
    }

    /// <summary>64 random bits.</summary>
    internal ulong Next()
    {
        _state += Step;
        ulong mixed = _state;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58_476D_1CE4_E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D0_49BB_1331_11EB;
        return mixed ^ (mixed >> 31);
    }

    /// <summary>A number from 0 to <paramref name="greatest"/>, both included.</summary>
    internal uint UpTo(uint greatest) => (uint)(((Next() >> 32) * ((ulong)greatest + 1)) >> 32);
}
