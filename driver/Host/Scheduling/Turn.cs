namespace Tracing.Host.Scheduling;

/// <summary>A thread's place in a <see cref="Schedule"/>, which guards its state.</summary>
internal sealed class Turn : IDisposable
{
    /// <summary>A deadline that never comes.</summary>
    internal const long Never = long.MaxValue;

    /// <summary>What the thread waits for, or null when it can go on.</summary>
    internal Func<bool>? Ready { get; set; }

    /// <summary>When it goes on in any case, in ticks of the machine's clock.</summary>
    internal long Deadline { get; set; } = Never;

    /// <summary>Whether it keeps its processor busy while it waits: nobody but another thread ends that.</summary>
    internal bool Spins { get; set; }

    /// <summary>One permit for each turn given to the thread.</summary>
    internal SemaphoreSlim Permit { get; } = new(0);

    /// <inheritdoc/>
    public void Dispose() => Permit.Dispose();
}
