using System.Globalization;

namespace Tracing.Reports.Gate;

/// <summary>
/// Reads the rules of a gate.
/// <code>
/// rules      = rule { ";" rule }
/// rule       = measure [ "(" mutex ")" ] comparison number [ unit ]
///            | "new" ( kind | "findings" )
/// measure    = ( "p50" | "p90" | "p99" | "p99.9" | "mean" | "max" | "total" ) ( "wait" | "hold" )
///            | "acquires" | "contended" | "failed" | "sequence-gaps" | "irql-rejections" | "misuses" | "leaks" | "live"
///            | "deadlocks" | "possible-deadlocks" | "convoys" | "findings" | "events-lost"
/// comparison = "&gt;" | "&gt;=" | "&lt;" | "&lt;="
/// unit       = "ns" | "us" | "ms" | "s"          (durations need one, counts have none)
/// kind       = a kind of finding, in the singular or the plural
/// mutex      = a label, a name as the report shows it, or "#" and an id; up to the next ")"
/// </code>
/// </summary>
public sealed class GateParser
{
    private readonly string _text;
    private readonly IReadOnlyCollection<string> _kinds;
    private int _at;

    private GateParser(string text, IReadOnlyCollection<string> kinds)
    {
        _text = text;
        _kinds = kinds;
    }

    /// <summary>Reads rules.</summary>
    /// <param name="text">The rules, separated by semicolons.</param>
    /// <param name="findingKinds">The kinds of findings there are.</param>
    /// <returns>The rules, one at least.</returns>
    /// <exception cref="GateFormatException">The text is not of this form; the message says where and what was expected.</exception>
    public static IReadOnlyList<GateRule> Parse(string text, IReadOnlyCollection<string> findingKinds)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(findingKinds);
        return new GateParser(text, findingKinds).ParseRules();
    }

    private List<GateRule> ParseRules()
    {
        List<GateRule> rules = [];
        do
        {
            SkipSpace();
            if (_at == _text.Length && rules.Count > 0)
            {
                break;
            }

            rules.Add(ParseRule());
            SkipSpace();
        }
        while (TryTake(";"));
        return _at == _text.Length ? rules : throw Expected("';' and another rule, or the end");
    }

    private GateRule ParseRule()
    {
        int start = _at;
        string word = TakeWord();
        if (word == "new")
        {
            string? kind = ParseKind();
            return new NewFindingRule(_text[start.._at], kind);
        }

        GateMeasure measure = ParseMeasure(word, start);
        string? mutex = ParseMutex(measure);
        GateComparison comparison = TryTake(">=") ? GateComparison.AtLeast
            : TryTake("<=") ? GateComparison.AtMost
            : TryTake(">") ? GateComparison.Above
            : TryTake("<") ? GateComparison.Below
            : throw Expected("one of >, >=, <, <=");
        decimal limit = ParseLimit(measure.Unit);
        return new LimitRule(_text[start.._at], measure, mutex, comparison, limit);
    }

    private GateMeasure ParseMeasure(string first, int start)
    {
        GateMeasure? measure = GateMeasure.All.FirstOrDefault(known => known.Name == first);
        if (measure is null && first.Length > 0 && GateMeasure.All.Any(known => known.Name.StartsWith(first + " ", StringComparison.Ordinal)))
        {
            string second = TakeWord();
            measure = GateMeasure.All.FirstOrDefault(known => known.Name == $"{first} {second}");
            if (measure is null)
            {
                _at -= second.Length;
                throw Expected($"'wait' or 'hold' after '{first}'");
            }
        }

        if (measure is null)
        {
            _at = start;
            throw Expected("a measure, such as 'p99 wait' or 'leaks', or 'new' and a kind of finding");
        }

        return measure;
    }

    private string? ParseMutex(GateMeasure measure)
    {
        SkipSpace();
        int open = _at;
        if (!TryTake("("))
        {
            return null;
        }

        int close = _text.IndexOf(')', _at);
        string name = close < 0 ? "" : _text[_at..close].Trim();
        if (name.Length == 0)
        {
            throw Expected(close < 0 ? "a mutex and ')'" : "the name of a mutex");
        }

        if (measure.Scope == GateScope.Recording)
        {
            _at = open;
            throw Expected($"a comparison: '{measure.Name}' is a number of the whole recording");
        }

        _at = close + 1;
        return name;
    }

    private decimal ParseLimit(GateUnit unit)
    {
        SkipSpace();
        int start = _at;
        while (_at < _text.Length && (char.IsAsciiDigit(_text[_at]) || _text[_at] == '.'))
        {
            _at++;
        }

        if (!decimal.TryParse(_text.AsSpan(start, _at - start), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number) || number > long.MaxValue / 1_000_000_000)
        {
            _at = start;
            throw Expected("a number below 9,223,372,036");
        }

        int unitAt = _at;
        string name = TakeWord();
        if (unit == GateUnit.Count)
        {
            _at = name.Length == 0 ? _at : unitAt;
            return name.Length == 0 ? number : throw Expected("no unit: this is a count");
        }

        decimal nanoseconds = name switch { "ns" => 1, "us" => 1_000, "ms" => 1_000_000, "s" => 1_000_000_000, _ => 0 };
        if (nanoseconds == 0)
        {
            _at = unitAt;
            throw Expected("a unit: ns, us, ms or s");
        }

        return number * nanoseconds;
    }

    private string? ParseKind()
    {
        SkipSpace();
        int start = _at;
        string word = TakeWord();
        if (word == "findings")
        {
            return null;
        }

        // misuses, irql-rejections, convoys: the plural reads better after "new".
        string? kind = _kinds.FirstOrDefault(known => known == word) ?? _kinds.FirstOrDefault(known => known + "s" == word);
        if (kind is null)
        {
            _at = start;
            throw Expected($"'findings' or a kind of finding: {string.Join(", ", _kinds)}");
        }

        return kind;
    }

    private string TakeWord()
    {
        SkipSpace();
        int start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit(_text[_at]) || _text[_at] is '-' or '.' or '%'))
        {
            _at++;
        }

        return _text[start.._at];
    }

    private bool TryTake(string symbol)
    {
        SkipSpace();
        bool there = _text.AsSpan(_at).StartsWith(symbol, StringComparison.Ordinal);
        _at += there ? symbol.Length : 0;
        return there;
    }

    private void SkipSpace()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }
    }

    private GateFormatException Expected(string what)
    {
        SkipSpace();
        string found = _at == _text.Length ? "the end" : $"'{_text[_at..Math.Min(_text.Length, _at + 20)]}'";
        return new GateFormatException(_at, string.Create(CultureInfo.InvariantCulture, $"column {_at + 1}: expected {what}; found {found}."));
    }
}

/// <summary>A text is no rule of a gate.</summary>
/// <param name="position">Where it stops being one, from 0.</param>
/// <param name="message">What was expected there and what was found.</param>
public sealed class GateFormatException(int position, string message) : FormatException(message)
{
    /// <summary>Where in the text it stops being a rule, from 0.</summary>
    public int Position { get; } = position;
}
