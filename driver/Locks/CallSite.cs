namespace Tracing.Driver;

/// <summary>
/// A place in source code, as the compiler filled it in at the call. In this driver all three are literals or constants: nothing is copied.
/// Other drivers hand over a structure of theirs, which is good for the duration of the call.
/// </summary>
internal readonly unsafe ref struct CallSite
{
    /// <summary>Takes what the caller attributes delivered.</summary>
    internal CallSite(string file, int line, string member)
    {
        File = file;
        Line = line;
        Member = member;
    }

    /// <summary>Takes what another driver delivered; null for nothing, an unknown site.</summary>
    internal CallSite(ClientSite* client) => Client = client;

    /// <summary>The site in another driver; null for one of this driver, and for an unknown one.</summary>
    internal ClientSite* Client { get; }

    /// <summary>Path of the source file, as the compiler was told it; null where <see cref="Client"/> says it, or nobody.</summary>
    internal string? File { get; }

    /// <summary>Line, from 1.</summary>
    internal int Line { get; }

    /// <summary>The member that calls.</summary>
    internal string? Member { get; }
}
