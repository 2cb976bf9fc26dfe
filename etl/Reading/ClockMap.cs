namespace Tracing.Etl.Reading;

/// <summary>
/// Turns the ticks of one session into those of another, so that records of both have one order. Sessions of one boot whose clock is the same counter need no
/// conversion; any others are related by the absolute time of their starts. Immutable.
/// </summary>
internal readonly struct ClockMap
{
    private const long FileTimesPerSecond = 10_000_000;

    /// <summary>
    /// How far two accounts of one boot may lie apart, in 100 ns: setting the system time moves them a little, another boot a lot, since the machine was up and started
    /// anew in between.
    /// </summary>
    private const long SameBoot = 60 * FileTimesPerSecond;

    // Seconds beyond this do not fit the ticks of any clock: it keeps the products within 128 bits.
    private static readonly Int128 MaximumSeconds = (Int128)1 << 62;

    private readonly EtlClock _from;
    private readonly EtlClock _to;

    private ClockMap(EtlClock from, EtlClock to)
    {
        _from = from;
        _to = to;
        IsNeeded = true;
    }

    /// <summary>Whether ticks differ at all.</summary>
    public bool IsNeeded { get; }

    /// <summary>The way from one session's clock to another's.</summary>
    public static ClockMap Between(EtlHeader from, EtlHeader to)
    {
        EtlClock source = HeaderReader.ClockOf(from);
        EtlClock target = HeaderReader.ClockOf(to);
        return ReferenceEquals(from, to) || IsSameCounter(from, source, to, target) ? default : new ClockMap(source, target);
    }

    /// <summary>The same moment on the other clock; saturates at the ends of the type.</summary>
    public long Map(long ticks)
    {
        Int128 since = (Int128)ticks - _from.StartTicks;
        (Int128 seconds, Int128 rest) = Int128.DivRem(since, _from.Frequency);
        Int128 moved = (Int128.Clamp(seconds, -MaximumSeconds, MaximumSeconds) * _to.Frequency) + (rest * _to.Frequency / _from.Frequency);
        Int128 between = ((Int128)_from.StartFileTime - _to.StartFileTime) * _to.Frequency / FileTimesPerSecond;
        return (long)Int128.Clamp(_to.StartTicks + between + moved, long.MinValue, long.MaxValue);
    }

    private static bool IsSameCounter(EtlHeader from, EtlClock source, EtlHeader to, EtlClock target)
    {
        if (IsSystemTime(from) || IsSystemTime(to))
        {
            return IsSystemTime(from) && IsSystemTime(to);
        }

        return source.Frequency == target.Frequency
            && IsCycles(from) == IsCycles(to)
            && Int128.Abs((Int128)from.BootTime - to.BootTime) <= SameBoot
            && Int128.Abs(Origin(source) - Origin(target)) <= SameBoot;
    }

    private static bool IsSystemTime(EtlHeader header) => header.ClockType == EtlClockType.SystemTime;

    private static bool IsCycles(EtlHeader header) => header.ClockType == EtlClockType.CpuCycles;

    // When the counter was 0, by the start of the session.
    private static Int128 Origin(EtlClock clock) => clock.StartFileTime - ((Int128)clock.StartTicks * FileTimesPerSecond / clock.Frequency);
}
