namespace Tracing.Host;

/// <summary>How the trace session records. Immutable; every value is checked where it is set.</summary>
public sealed record SessionSettings
{
    /// <summary>Events up to this level, 1 critical to 5 verbose; 0 for all.</summary>
    public byte Level { get; init; } = 5;

    /// <summary>
    /// Events with any of these keywords; 0 for any at all, as EnableTraceEx2 has it. The default is every keyword of the KMutex provider.
    /// </summary>
    public ulong Keywords { get; init; } = 0x3F;

    /// <summary>Of those, events with all of these keywords.</summary>
    public ulong MatchAllKeywords { get; init; }

    /// <summary>Kilobytes of one buffer, 1 to 1024. 64 is what recorders commonly use.</summary>
    public int BufferSizeKilobytes
    {
        get;
        init => field = Within(value, 1, 1024, nameof(BufferSizeKilobytes));
    } = 64;

    /// <summary>
    /// Buffers in all, those being filled and those waiting to be written: 1 to 16,384. An event that finds none free is lost, and counted.
    /// Windows wants at least two per processor; fewer are allowed here, to provoke losses.
    /// </summary>
    public int MaximumBuffers
    {
        get;
        init => field = Within(value, 1, 16_384, nameof(MaximumBuffers));
    } = 512;

    /// <summary>What part of the driver's life is recorded.</summary>
    public SessionSpan Span { get; init; } = SessionSpan.WholeLife;

    /// <summary>Whether providers that are registered when the session starts are asked for the state of what lives.</summary>
    public bool CaptureStateOnStart { get; init; } = true;

    /// <summary>Whether they are asked again when the workload is done, before the trace is saved.</summary>
    public bool CaptureStateOnSave { get; init; } = true;

    private static int Within(int value, int minimum, int maximum, string name) => value >= minimum && value <= maximum
        ? value
        : throw new ArgumentOutOfRangeException(name, value, $"{name} must lie between {minimum} and {maximum}.");
}
