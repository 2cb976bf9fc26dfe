namespace Tracing.Reports.Model;

/// <summary>Several mutexes as one, taken one after the other.</summary>
internal sealed class MutexSum
{
    private readonly List<int> _places = [];
    private readonly DurationSum _waits = new();
    private readonly DurationSum _holds = new();
    private bool _isInOrder = true;
    private bool _isOnePlace = true;
    private ulong _latest;
    private Int128 _acquires;
    private Int128 _contended;
    private Int128 _failed;
    private Int128 _switches;
    private Int128 _blamed;
    private Int128 _gaps;
    private Int128 _rejections;
    private Int128 _misuses;
    private int _recursion;
    private int _queue;
    private TrustGrade _grade;
    private CountSource _source;

    /// <summary>The one of the lowest id; null when there is none.</summary>
    public MutexRow? First { get; private set; }

    /// <summary>How many there are.</summary>
    public int Count => _places.Count;

    /// <summary>Takes a mutex.</summary>
    /// <param name="mutex">The mutex.</param>
    /// <param name="place">Its place among those that the sum is made of.</param>
    public void Add(MutexRow mutex, int place)
    {
        _isOnePlace &= First is null || First.Site == mutex.Site;
        _isInOrder &= mutex.Id >= _latest;
        _latest = mutex.Id;
        First = First is null || mutex.Id < First.Id ? mutex : First;
        _places.Add(place);
        _waits.Add(mutex.Wait);
        _holds.Add(mutex.Hold);
        _acquires += mutex.Acquires;
        _contended += mutex.Contended;
        _failed += mutex.Failed;
        _switches += mutex.OwnerSwitches;
        _blamed += mutex.BlamedNs;
        _gaps += mutex.SequenceGaps;
        _rejections += mutex.IrqlRejections;
        _misuses += mutex.Misuses;
        _recursion = Math.Max(_recursion, mutex.DeepestRecursion);
        _queue = Math.Max(_queue, mutex.DeepestQueue);
        _grade = mutex.Grade > _grade ? mutex.Grade : _grade;
        _source = mutex.CountedFrom > _source ? mutex.CountedFrom : _source;
    }

    /// <summary>What they are together.</summary>
    /// <param name="name">What to call them.</param>
    /// <param name="all">Those that their places are among.</param>
    public MutexGroup ToGroup(string name, IReadOnlyList<MutexRow> all) => new()
    {
        Name = name,
        Site = _isOnePlace ? First?.Site : null,
        Mutexes = new MutexSelection(all, _isInOrder ? _places : [.. _places.OrderBy(place => all[place].Id)]),
        Acquires = SaturatingSums.Saturate(_acquires),
        Contended = SaturatingSums.Saturate(_contended),
        Failed = SaturatingSums.Saturate(_failed),
        Wait = _waits.ToSummary(),
        Hold = _holds.ToSummary(),
        DeepestRecursion = _recursion,
        DeepestQueue = _queue,
        OwnerSwitches = SaturatingSums.Saturate(_switches),
        BlamedNs = SaturatingSums.Saturate(_blamed),
        SequenceGaps = SaturatingSums.Saturate(_gaps),
        IrqlRejections = SaturatingSums.Saturate(_rejections),
        Misuses = SaturatingSums.Saturate(_misuses),
        Grade = _grade,
        CountedFrom = _source,
    };
}
