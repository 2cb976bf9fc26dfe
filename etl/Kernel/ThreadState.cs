namespace Tracing.Etl.Kernel;

/// <summary>What a thread does. Source: OldThreadState of the CSwitch documentation.</summary>
public enum ThreadState : byte
{
    /// <summary>It was made and has not run yet.</summary>
    Initialized,

    /// <summary>It could run, and waits for a processor: it was preempted.</summary>
    Ready,

    /// <summary>It runs.</summary>
    Running,

    /// <summary>It is the next to run on its processor.</summary>
    Standby,

    /// <summary>It has ended.</summary>
    Terminated,

    /// <summary>It waits for something.</summary>
    Waiting,

    /// <summary>It could run as soon as its stack is in memory.</summary>
    Transition,

    /// <summary>It could run, and no processor was chosen for it yet.</summary>
    DeferredReady,
}
