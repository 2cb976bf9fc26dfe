namespace Tracing.Driver;

/// <summary>
/// A place in source code, as the compiler filled it in at the call. All three are literals or constants: nothing is copied.
/// </summary>
internal readonly ref struct CallSite
{
    /// <summary>Takes what the caller attributes delivered.</summary>
    internal CallSite(string file, int line, string member)
    {
        File = file;
        Line = line;
        Member = member;
    }

    /// <summary>Path of the source file, as the compiler was told it.</summary>
    internal string File { get; }

    /// <summary>Line, from 1.</summary>
    internal int Line { get; }

    /// <summary>The member that calls.</summary>
    internal string Member { get; }
}
