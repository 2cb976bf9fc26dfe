using Tracing.Host.Kernel;

namespace Tracing.Host;

/// <summary>The driver called KeBugCheckEx, or did what makes the kernel call it.</summary>
public sealed class DriverBugCheckException : DriverStoppedException
{
    internal DriverBugCheckException(BugCheckStop stop, string tracePath, IReadOnlyList<string> violations)
        : base(stop.Sentence, tracePath, violations)
    {
        Code = stop.Code;
        Parameters = [stop.Parameter1, stop.Parameter2, stop.Parameter3, stop.Parameter4];
    }

    /// <summary>The bug check code.</summary>
    public uint Code { get; }

    /// <summary>Its four parameters.</summary>
    public IReadOnlyList<ulong> Parameters { get; }
}
