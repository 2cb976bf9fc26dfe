using Tracing.Reports.Model;

namespace Tracing.Reports.Text;

/// <summary>How a text report looks.</summary>
public sealed record TextStyle
{
    /// <summary>Whether ANSI colours may be used: on a terminal that nobody has set NO_COLOR for.</summary>
    public bool Colour { get; init; }

    /// <summary>Characters per line.</summary>
    public int Width { get; init; } = 100;

    /// <summary>Rows per table; what is left out is counted below it.</summary>
    public int Top { get; init; } = 20;

    /// <summary>What mutexes are ordered by, the most first; null for each table by its own: waits by wait, holds by hold.</summary>
    public MutexOrder? Sort { get; init; }

    /// <summary>What mutexes are put together by.</summary>
    public GroupBy By { get; init; } = GroupBy.Class;

    /// <summary>Whose use of locks is shown in place of the mutexes; null for the mutexes.</summary>
    public UsageBy? Usage { get; init; }

    internal string Bold(string text) => Paint("1", text);

    internal string Dim(string text) => Paint("2", text);

    internal string Good(string text) => Paint("32", text);

    internal string Warning(string text) => Paint("33", text);

    internal string Bad(string text) => Paint("31;1", text);

    private string Paint(string code, string text) => Colour ? $"\u001b[{code}m{text}\u001b[0m" : text;
}
