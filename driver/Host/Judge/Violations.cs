namespace Tracing.Host.Judge;

/// <summary>
/// The rules a driver has broken, each once, with how often. A rule is broken by what the driver does, whether or not Windows would notice.
/// Thread-safe.
/// </summary>
internal sealed class Violations
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, long> _counts = [];
    private readonly List<string> _order = [];

    /// <summary>Adds one.</summary>
    /// <param name="sentence">What was broken, where, and what the rule is; equal sentences are counted together.</param>
    internal void Add(string sentence)
    {
        lock (_gate)
        {
            if (!_counts.TryGetValue(sentence, out long count))
            {
                _order.Add(sentence);
            }

            _counts[sentence] = count + 1;
        }
    }

    /// <summary>All of them, in the order of first occurrence.</summary>
    internal IReadOnlyList<string> List()
    {
        lock (_gate)
        {
            return [.. _order.Select(sentence => _counts[sentence] == 1 ? sentence : $"{sentence} ({_counts[sentence]} times)")];
        }
    }
}
