using Tracing.Analysis.Mutexes;

namespace Tracing.Analysis.Ordering;

/// <summary>
/// Numbers for the classes that lock order is judged by: all mutexes of one label, else of one allocation site. A mutex of which the recording
/// knows neither is a class of its own.
/// </summary>
public sealed class LockClasses
{
    private readonly Dictionary<ulong, int> _ofMutex = [];
    private readonly Dictionary<ClassKey, int> _numbers = [];
    private readonly List<MutexLedger> _members = [];
    private readonly List<ClassKey> _keys = [];

    /// <summary>The class of a mutex.</summary>
    public int Of(MutexLedger mutex)
    {
        bool isNameless = mutex.Label.Length == 0 && mutex.SiteId == 0;
        if (_ofMutex.TryGetValue(mutex.Id, out int known) && (isNameless || !IsNameless(known)))
        {
            return known;
        }

        int number = Number(mutex);
        _ofMutex[mutex.Id] = number;
        return number;
    }

    /// <summary>One of the mutexes of a class.</summary>
    public MutexLedger MemberOf(int number) => _members[number];

    /// <summary>The class as it is known at the end: a rundown may have told the label of a mutex after its first use.</summary>
    public int Final(int number) => IsNameless(number) ? Of(_members[number]) : number;

    /// <summary>An order of classes by what they are. Their numbers depend on which was used first, and of two at one time that is chance.</summary>
    public int Compare(int one, int other)
    {
        (ClassKey a, ClassKey b) = (_keys[one], _keys[other]);
        int byLabel = string.CompareOrdinal(a.Label, b.Label);
        return byLabel != 0 ? byLabel : (a.SiteId, a.MutexId).CompareTo((b.SiteId, b.MutexId));
    }

    private bool IsNameless(int number) => _keys[number] is { Label: "", SiteId: 0 };

    private int Number(MutexLedger mutex)
    {
        ClassKey key = mutex.Label.Length > 0 ? new ClassKey(mutex.Label, 0, 0) : mutex.SiteId != 0 ? new ClassKey("", mutex.SiteId, 0) : new ClassKey("", 0, mutex.Id);
        if (!_numbers.TryGetValue(key, out int number))
        {
            number = _members.Count;
            _members.Add(mutex);
            _keys.Add(key);
            _numbers.Add(key, number);
        }

        return number;
    }

    private readonly record struct ClassKey(string Label, uint SiteId, ulong MutexId);
}
