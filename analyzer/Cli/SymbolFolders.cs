using Tracing.Reports.Wording;
using Tracing.Symbols;

namespace Tracing.Cli;

/// <summary>Where symbols are looked for: in the folders that were named, then next to the traces.</summary>
internal static class SymbolFolders
{
    /// <exception cref="CommandException">One of the folders named is not there.</exception>
    public static SymbolFolder Of(IReadOnlyList<string> folders, IReadOnlyList<string> traces)
    {
        if (folders.FirstOrDefault(folder => !Directory.Exists(folder)) is string missing)
        {
            throw new CommandException(ExitCode.Usage, $"--symbols {missing}: there is no such folder.");
        }

        IEnumerable<string> beside = traces.Select(trace => Path.GetDirectoryName(Path.GetFullPath(trace))!);
        return new SymbolFolder([.. folders.Concat(beside).Distinct(StringComparer.Ordinal)]);
    }

    /// <summary>Says on standard error what was found and could not be used.</summary>
    public static void WarnOf(Session session, SymbolFolder symbols)
    {
        foreach (string problem in symbols.Problems)
        {
            session.Warn(SafeText.Escape(problem));
        }
    }
}
