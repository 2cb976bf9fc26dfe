using System.CommandLine;
using Tracing.Reports.Wording;

namespace Tracing.Cli;

/// <summary>The argument of verbs that read several files.</summary>
internal static class FilesArgument
{
    public static Argument<string[]> Create(string description)
    {
        var files = new Argument<string[]>("FILE") { Description = description, Arity = ArgumentArity.OneOrMore };
        files.Validators.Add(result =>
        {
            // Where any number of files may stand, a misspelt option would pass for one.
            if (result.Tokens.FirstOrDefault(token => token.Value.StartsWith('-')) is { } option)
            {
                result.AddError($"There is no command or option '{SafeText.Escape(option.Value)}' here. A file of this name is ./{SafeText.Escape(option.Value)}.");
            }
        });
        return files;
    }
}
