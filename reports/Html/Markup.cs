using System.Globalization;
using System.Net;
using Tracing.Reports.Wording;

namespace Tracing.Reports.Html;

/// <summary>
/// HTML under construction. Text put into an interpolated string is escaped unless it is markup already, so that forgetting to escape is not
/// possible: <c>page.Write($"&lt;b&gt;{label}&lt;/b&gt;")</c> is safe for any label. It is cut like a name as well, unless it is a <see cref="Sentence"/>.
/// </summary>
internal sealed class Markup
{
    private readonly TextWriter _output;

    public Markup(TextWriter output) => _output = output;

    /// <summary>Writes a line of markup whose holes are escaped.</summary>
    public void Write(FormattableString markup) => _output.WriteLine(Escape(markup).Text);

    /// <summary>Writes what is markup or data of the page's own.</summary>
    public void WriteRaw(string text) => _output.WriteLine(text);

    /// <summary>Markup with its holes filled and escaped.</summary>
    public static MarkupText Escape(FormattableString markup) =>
        new(string.Format(CultureInfo.InvariantCulture, markup.Format, [.. markup.GetArguments().Select(EscapeHole)]));

    /// <summary>A sentence, escaped, in which only names are cut.</summary>
    public static MarkupText Sentence(string text) => new(WebUtility.HtmlEncode(SafeText.Sentence(text)));

    private static object EscapeHole(object? hole) => hole switch
    {
        MarkupText safe => safe.Text ?? "",
        string text => WebUtility.HtmlEncode(SafeText.Name(text)),
        Enum value => value.ToString(),
        int or long or ulong or double => hole,
        null => "",
        _ => throw new ArgumentException($"A hole of type {hole.GetType().Name} has no rule for escaping; this is an error of the library."),
    };
}

/// <summary>Text that is markup already.</summary>
internal readonly record struct MarkupText(string Text);
