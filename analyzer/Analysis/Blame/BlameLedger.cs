using Tracing.Analysis.Loads;

namespace Tracing.Analysis.Blame;

/// <summary>What the mutexes of one load share when waits are divided over holds.</summary>
internal sealed class BlameLedger(ThreadTable threads, SiteTable sites)
{
    // A driver has some ten thousand pairs of call sites that ever meet; only damaged recordings have more pairs than this.
    private const int MostSitePairs = 1 << 20;
    private const int MostThreadPairs = 1 << 17;
    private const int MostHolders = 1 << 18;
    private const int MostSpareHolds = 1 << 20;
    private const int MostSpareNumbers = 1 << 20;

    // Side by side, and not each with its thread: with ten thousand in a queue, none of those is in a cache when its turn comes.
    private UInt128[] _byThread = new UInt128[64];

    /// <summary>The threads that hold and wait.</summary>
    public ThreadTable Threads { get; } = threads;

    /// <summary>The places they acquire at.</summary>
    public SiteTable Sites { get; } = sites;

    /// <summary>The numbers of the mutexes that were waited for.</summary>
    public List<ulong> WaitedFor { get; } = [];

    /// <summary>The waits in work.</summary>
    public WaitPool Waits { get; } = new();

    /// <summary>How many pairs of sites may still be kept, over all mutexes.</summary>
    public PairBudget SitePairs { get; } = new(MostSitePairs);

    /// <summary>How many pairs of a thread that held and the site it had acquired at may still be kept, over all mutexes.</summary>
    public PairBudget Holders { get; } = new(MostHolders);

    /// <summary>Time by thread that held and thread that waited.</summary>
    public BlameTable ThreadPairs { get; } = new(new PairBudget(MostThreadPairs));

    /// <summary>Blamed time that was not split by threads, because too many waited for one mutex at a time.</summary>
    public UInt128 UnsplitThreads { get; set; }

    /// <summary>The slowest waits.</summary>
    public SlowWaits Slowest { get; } = new(threads);

    /// <summary>How many holds may still be kept beyond what each mutex keeps anyway.</summary>
    public int SpareHolds { get; set; } = MostSpareHolds;

    /// <summary>How many numbers of acquisitions that still lack their releases may be kept.</summary>
    public int SpareNumbers { get; set; } = MostSpareNumbers;

    /// <summary>Whether there were more of them, so that a release of long ago cannot be told from one that comes again.</summary>
    public bool ForgotReleases { get; set; }

    /// <summary>Room to put times in order.</summary>
    public List<ulong> Times { get; } = [];

    /// <summary>For how long others waited for holds of a thread, in ticks.</summary>
    public UInt128 BlamedOn(int thread) => thread < _byThread.Length ? _byThread[thread] : 0;

    /// <summary>Says for how long others waited for a hold of a thread.</summary>
    public void BlameThread(int thread, UInt128 ticks)
    {
        if (thread >= _byThread.Length)
        {
            Array.Resize(ref _byThread, Math.Max(thread + 1, _byThread.Length * 2));
        }

        _byThread[thread] += ticks;
    }
}
