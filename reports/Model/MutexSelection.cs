using System.Collections;

namespace Tracing.Reports.Model;

/// <summary>Some of the mutexes of a report, each looked up when it is looked at: those of a class may be a million, and their rows are not kept for it.</summary>
/// <param name="all">The mutexes of the report.</param>
/// <param name="places">Which of them.</param>
internal sealed class MutexSelection(IReadOnlyList<MutexRow> all, IReadOnlyList<int> places) : IReadOnlyList<MutexRow>
{
    public int Count => places.Count;

    public MutexRow this[int index] => all[places[index]];

    public IEnumerator<MutexRow> GetEnumerator() => places.Select(place => all[place]).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
