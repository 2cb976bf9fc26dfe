namespace Tracing.Analysis.Scheduling;

/// <summary>What a thread does, as far as scheduling events tell.</summary>
internal enum ThreadActivity : byte
{
    /// <summary>Not known: no event has told yet, or two contradict each other.</summary>
    Unknown,

    /// <summary>It runs on a processor.</summary>
    Running,

    /// <summary>It could run, and has no processor: it was preempted, or made ready and not yet switched to.</summary>
    Ready,

    /// <summary>It waits.</summary>
    Waiting,

    /// <summary>It has a processor, on which an interrupt or a deferred procedure call runs in its stead.</summary>
    Interrupted,
}
