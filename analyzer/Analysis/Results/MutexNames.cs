using System.Runtime.InteropServices;
using Tracing.Analysis.Loads;
using Tracing.Analysis.Mutexes;

namespace Tracing.Analysis.Results;

/// <summary>
/// What each mutex is called in the report: its label, else its allocation site, else its number. Where several mutexes share a label or a site
/// the number is added, so that two rows of one table are never called the same.
/// </summary>
internal sealed class MutexNames
{
    private readonly Dictionary<string, int> _uses = [];

    public MutexNames(IEnumerable<DriverLoad> loads)
    {
        foreach (DriverLoad load in loads)
        {
            foreach (MutexLedger mutex in load.Mutexes)
            {
                CollectionsMarshal.GetValueRefOrAddDefault(_uses, BaseOf(mutex, load), out _)++;
            }
        }
    }

    public string Of(MutexLedger mutex, DriverLoad load)
    {
        string name = BaseOf(mutex, load);
        return name.Length == 0 ? $"#{mutex.Id}" : _uses[name] == 1 ? name : $"{name} #{mutex.Id}";
    }

    /// <summary>What all mutexes are called that lock order does not tell apart: their label, else their allocation site, else the number of the one.</summary>
    public static string OfClass(MutexLedger member, DriverLoad load) =>
        member.Label.Length > 0 || member.SiteId != 0 ? BaseOf(member, load) : $"#{member.Id}";

    private static string BaseOf(MutexLedger mutex, DriverLoad load) =>
        mutex.Label.Length > 0 ? mutex.Label : load.Sites.ShortOf(mutex.SiteId);
}
