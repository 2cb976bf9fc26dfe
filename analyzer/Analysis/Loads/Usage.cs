using Tracing.Analysis.Durations;

namespace Tracing.Analysis.Loads;

/// <summary>The running account of all acquires of one thread, or from one call site, whatever the mutex.</summary>
public class Usage
{
    private DurationTally _waits;
    private DurationTally _holds;

    /// <summary>How many of its kind were known before it. Kept here, it lies beside what every acquire counts.</summary>
    public int Index { get; init; }

    /// <summary>Acquires seen, recursive ones included.</summary>
    public long Acquires { get; private set; }

    /// <summary>Those of them that waited.</summary>
    public long Contended { get; private set; }

    /// <summary>Acquires that gave up.</summary>
    public long Failed { get; set; }

    /// <summary>Calls refused because of the IRQL.</summary>
    public long Rejections { get; set; }

    /// <summary>Misuse that the driver saw.</summary>
    public long Misuses { get; set; }

    /// <summary>The greatest depth of an acquire.</summary>
    public int DeepestRecursion { get; private set; }

    /// <summary>The waits of contended acquires.</summary>
    public ref DurationTally Waits => ref _waits;

    /// <summary>The outermost holds.</summary>
    public ref DurationTally Holds => ref _holds;

    /// <summary>Time that others waited for these holds, in ticks. Known once the analysis has ended.</summary>
    public UInt128 Blamed { get; set; }

    /// <summary>Adds an acquire.</summary>
    public void Acquire(in AcquiredEvent acquired, in Interval wait)
    {
        Acquires++;
        DeepestRecursion = Math.Max(DeepestRecursion, acquired.Depth);
        if (acquired.Contended)
        {
            Contended++;
            _waits.Add(wait);
        }
    }

    /// <summary>Adds all that another account holds.</summary>
    public void Merge(Usage other)
    {
        ArgumentNullException.ThrowIfNull(other);
        Acquires += other.Acquires;
        Contended += other.Contended;
        Failed += other.Failed;
        Rejections += other.Rejections;
        Misuses += other.Misuses;
        DeepestRecursion = Math.Max(DeepestRecursion, other.DeepestRecursion);
        Blamed += other.Blamed;
        _waits.Merge(other._waits);
        _holds.Merge(other._holds);
    }
}
