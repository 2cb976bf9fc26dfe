namespace Tracing.Analysis.Scheduling;

/// <summary>Ticks by what a thread did in them.</summary>
internal readonly record struct ActivityTicks(long Unknown, long Running, long Ready, long Waiting, long Interrupted)
{
    /// <summary>All of them.</summary>
    public long Total => Unknown + Running + Ready + Waiting + Interrupted;

    /// <summary>False when a part is less than nothing: what was told later contradicts what was told before.</summary>
    public bool IsPossible => Unknown >= 0 && Running >= 0 && Ready >= 0 && Waiting >= 0 && Interrupted >= 0;

    public static ActivityTicks operator -(in ActivityTicks a, in ActivityTicks b) =>
        new(a.Unknown - b.Unknown, a.Running - b.Running, a.Ready - b.Ready, a.Waiting - b.Waiting, a.Interrupted - b.Interrupted);

    /// <summary>These, and more of one kind.</summary>
    public ActivityTicks Plus(ThreadActivity activity, long ticks) => activity switch
    {
        ThreadActivity.Running => this with { Running = Running + ticks },
        ThreadActivity.Ready => this with { Ready = Ready + ticks },
        ThreadActivity.Waiting => this with { Waiting = Waiting + ticks },
        ThreadActivity.Interrupted => this with { Interrupted = Interrupted + ticks },
        _ => this with { Unknown = Unknown + ticks },
    };
}
