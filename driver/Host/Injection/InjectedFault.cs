using System.Globalization;

namespace Tracing.Host;

/// <summary>One failure to come: a call of an import that ends as its DDI page says it may. Immutable.</summary>
/// <param name="Import">The import's name, as ntoskrnl.exe exports it.</param>
/// <param name="Failure">The failure's name, such as "STATUS_NO_MEMORY" or "null"; null for the first that the import has.</param>
/// <param name="Call">
/// Which call fails, from 1. Counted are the calls that may fail so: a wait without a timeout, for one, cannot end with STATUS_TIMEOUT.
/// </param>
/// <param name="Repeats">How many calls fail, that one and those after it.</param>
public sealed record InjectedFault(string Import, string? Failure, long Call, long Repeats = 1)
{
    /// <summary>How a fault is written: <c>IMPORT[=FAILURE]@CALL[+]</c>.</summary>
    public const string Syntax = "IMPORT[=FAILURE]@CALL[+]";

    /// <summary>
    /// Reads <c>ExAllocatePool2@3</c>, <c>KeWaitForSingleObject=STATUS_ALERTED@1</c>, or <c>EtwWrite@5+</c> for the fifth call and all
    /// after it.
    /// </summary>
    /// <exception cref="ArgumentException">The text is not written so.</exception>
    public static InjectedFault Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int at = text.LastIndexOf('@');
        string place = at < 0 ? "" : text[(at + 1)..];
        bool onwards = place.EndsWith('+');
        string name = at < 0 ? "" : text[..at];
        int equals = name.IndexOf('=', StringComparison.Ordinal);
        string import = equals < 0 ? name : name[..equals];
        if (import.Length == 0
            || !long.TryParse(onwards ? place[..^1] : place, NumberStyles.None, CultureInfo.InvariantCulture, out long call)
            || call < 1)
        {
            throw new ArgumentException($"\"{text}\" is no fault; expected {Syntax}, for example ExAllocatePool2@3.", nameof(text));
        }

        return new InjectedFault(import, equals < 0 ? null : name[(equals + 1)..], call, onwards ? long.MaxValue : 1);
    }

    /// <summary>Whether a call fails.</summary>
    internal bool Strikes(long call) => call >= Call && call - Call < Repeats;
}
