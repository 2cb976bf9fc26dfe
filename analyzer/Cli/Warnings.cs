using Tracing.Etl;
using Tracing.Reports.Wording;

namespace Tracing.Cli;

/// <summary>Damage in a trace that could be read is said on standard error, whatever the output is.</summary>
internal static class Warnings
{
    public static void OfFile(Session session, EtlFile file)
    {
        foreach (EtlOddity oddity in file.Oddities)
        {
            if (!oddity.IsNote)
            {
                session.Warn($"{SafeText.Escape(file.Path)}: {oddity.Sentence} Everything whole was read.");
            }
        }
    }
}
