namespace Tracing.Etl.Kernel;

/// <summary>What an event says of the life of a process, a thread or an image.</summary>
public enum LifeEvent : byte
{
    /// <summary>It began, or was loaded.</summary>
    Start = 1,

    /// <summary>It ended, or was unloaded.</summary>
    End = 2,

    /// <summary>It was there when the session began (DCStart).</summary>
    RundownStart = 3,

    /// <summary>It was there when the session ended (DCEnd).</summary>
    RundownEnd = 4,
}
