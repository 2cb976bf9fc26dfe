namespace Tracing.Analysis.Loads;

/// <summary>Whether a rundown is there and whole: the driver says how many states it wrote.</summary>
public sealed class RundownWatch
{
    private uint _current;
    private long _states;

    /// <summary>Rundowns that began.</summary>
    public int Started { get; private set; }

    /// <summary>Rundowns that ended with as many states as they announced.</summary>
    public int Complete { get; private set; }

    /// <summary>Takes over what an analysis of the time before has seen.</summary>
    internal void ContinueFrom(RundownWatch earlier) =>
        (_current, _states, Started, Complete) = (earlier._current, earlier._states, earlier.Started, earlier.Complete);

    /// <summary>RundownStarted.</summary>
    public void Start(uint rundownId)
    {
        Started++;
        _current = rundownId;
        _states = 0;
    }

    /// <summary>MutexState.</summary>
    public void State(uint rundownId)
    {
        if (rundownId == _current)
        {
            _states++;
        }
    }

    /// <summary>RundownEnded.</summary>
    public void End(uint rundownId, uint written)
    {
        if (Started > 0 && rundownId == _current && _states == written)
        {
            Complete++;
        }
    }
}
