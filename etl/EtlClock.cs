namespace Tracing.Etl;

/// <summary>
/// The clock of one trace: turns raw ticks into UTC and into nanoseconds. Immutable, safe to use from any thread.
/// </summary>
/// <remarks>
/// Absolute time is the header's start time plus the ticks since the header's own timestamp. Counting from the boot time instead is wrong by the drift between
/// performance counter and system time since boot (docs: ETL format notes, section 3). All times are rounded toward negative infinity, and saturate at the ends of
/// their type, since a damaged record may carry any tick.
/// </remarks>
public readonly struct EtlClock : IEquatable<EtlClock>
{
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const long FileTimesPerSecond = 10_000_000;

    /// <summary>Makes a clock.</summary>
    /// <param name="startTicks">Raw ticks of the header record.</param>
    /// <param name="frequency">Ticks per second, above zero.</param>
    /// <param name="startFileTime">FILETIME (100 ns since 1601, UTC) of the same moment.</param>
    public EtlClock(long startTicks, long frequency, long startFileTime)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(frequency);
        StartTicks = startTicks;
        Frequency = frequency;
        StartFileTime = startFileTime;
    }

    /// <summary>Raw ticks of the header record: the zero of relative time.</summary>
    public long StartTicks { get; }

    /// <summary>Ticks per second.</summary>
    public long Frequency { get; }

    /// <summary>FILETIME (100 ns since 1601, UTC) of <see cref="StartTicks"/>.</summary>
    public long StartFileTime { get; }

    /// <summary>Whether both say the same of every tick.</summary>
    public static bool operator ==(EtlClock left, EtlClock right) => left.Equals(right);

    /// <summary>Whether they differ.</summary>
    public static bool operator !=(EtlClock left, EtlClock right) => !left.Equals(right);

    /// <summary>The moment of a tick, to 100 ns.</summary>
    public DateTime ToUtc(long ticks) => FileTimeToUtc(Saturate((Int128)StartFileTime + Scale((Int128)ticks - StartTicks, FileTimesPerSecond)));

    /// <summary>Nanoseconds from the header to a tick. Negative for records older than the header, which a session's start rundown may bring.</summary>
    public long ToRelativeNanoseconds(long ticks)
    {
        long since = unchecked(ticks - StartTicks);
        bool wrapped = ((ticks ^ StartTicks) & (ticks ^ since)) < 0;
        return wrapped ? Saturate(Scale((Int128)ticks - StartTicks, NanosecondsPerSecond)) : DurationToNanoseconds(since);
    }

    /// <summary>
    /// The first tick at which so many nanoseconds have passed since the header: with it, "from this time on" takes just the records whose
    /// <see cref="ToRelativeNanoseconds"/>, which is what is shown of them, is not below that time.
    /// </summary>
    public long ToTicks(long relativeNanoseconds)
    {
        (Int128 whole, Int128 rest) = Int128.DivRem((Int128)relativeNanoseconds * Frequency, NanosecondsPerSecond);
        return Saturate(StartTicks + whole + (rest > 0 ? 1 : 0));
    }

    /// <summary>Nanoseconds in so many ticks, exact and rounded down.</summary>
    public long DurationToNanoseconds(long tickCount)
    {
        // Whole seconds and the rest are scaled apart: both products fit 64 bits for any clock below 9.2 GHz and any time below 292 years.
        long seconds = tickCount / Frequency;
        long rest = tickCount % Frequency;
        if (rest < 0)
        {
            seconds--;
            rest += Frequency;
        }

        return Frequency <= long.MaxValue / NanosecondsPerSecond && seconds is > -9_000_000_000 and < 9_000_000_000
            ? (seconds * NanosecondsPerSecond) + (rest * NanosecondsPerSecond / Frequency)
            : Saturate(Scale(tickCount, NanosecondsPerSecond));
    }

    /// <summary>A FILETIME as a UTC moment; values outside of what <see cref="DateTime"/> can hold become its ends.</summary>
    public static DateTime FileTimeToUtc(long fileTime)
    {
        long ticks = fileTime <= 0 ? 0 : fileTime;
        long epoch = DateTime.UnixEpoch.AddYears(-369).Ticks;
        return new DateTime(Math.Min(ticks, DateTime.MaxValue.Ticks - epoch) + epoch, DateTimeKind.Utc);
    }

    /// <inheritdoc/>
    public bool Equals(EtlClock other) =>
        StartTicks == other.StartTicks && Frequency == other.Frequency && StartFileTime == other.StartFileTime;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is EtlClock other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(StartTicks, Frequency, StartFileTime);

    private Int128 Scale(Int128 ticks, long unitsPerSecond)
    {
        (Int128 quotient, Int128 remainder) = Int128.DivRem(ticks * unitsPerSecond, Frequency);
        return remainder < 0 ? quotient - 1 : quotient;
    }

    private static long Saturate(Int128 value) =>
        value > long.MaxValue ? long.MaxValue : value < long.MinValue ? long.MinValue : (long)value;
}
