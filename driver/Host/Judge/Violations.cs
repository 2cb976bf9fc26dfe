namespace Tracing.Host.Judge;

/// <summary>
/// The rules a driver has broken, each once, with how often. A rule is broken by what the driver does, whether or not Windows would notice.
/// Thread-safe.
/// </summary>
internal sealed class Violations
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (long Count, string Stack)> _counts = [];
    private readonly List<string> _order = [];

    /// <summary>Adds one.</summary>
    /// <param name="sentence">What was broken, where, and what the rule is; equal sentences are counted together.</param>
    /// <param name="stack">The calls that led there, as lines; of equal sentences the first one's is kept.</param>
    internal void Add(string sentence, string stack = "")
    {
        lock (_gate)
        {
            if (!_counts.TryGetValue(sentence, out (long Count, string Stack) before))
            {
                _order.Add(sentence);
                before.Stack = stack;
            }

            _counts[sentence] = (before.Count + 1, before.Stack);
        }
    }

    /// <summary>All of them, in the order of first occurrence.</summary>
    internal IReadOnlyList<string> List()
    {
        lock (_gate)
        {
            return [.. _order.Select(sentence => _counts[sentence] is (1, var stack) ? sentence + stack : $"{sentence} ({_counts[sentence].Count} times){_counts[sentence].Stack}")];
        }
    }
}
