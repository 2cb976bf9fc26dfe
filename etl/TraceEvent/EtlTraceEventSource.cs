using Microsoft.Diagnostics.Tracing;

namespace Tracing.Etl.TraceEvent;

/// <summary>
/// Lets Microsoft's TraceEvent library read .etl files on any operating system, through <see cref="EtlFile"/> instead of Windows: every parser of it works on the
/// dispatcher returned, and so does <c>TraceLog.CreateFromEventTraceLogFile(dispatcher, etlxPath)</c>.
/// </summary>
/// <remarks>
/// <para>
/// Events come in the order of time. <c>Process</c> may be called again for another pass. <c>Size</c> tells nothing of the trace, and the end of the session is the
/// time of the last event. Damage in the file is counted in <see cref="EtlFile.Oddities"/>, and does not end the processing.
/// </para>
/// <para>
/// TraceLogging events have their names and fields, arrays and structures included, up to the first of a type not read here. To that end the first of each kind is
/// preceded by an event that describes it, KernelTraceControl MetaData/EventInfo, as merged traces have them; and of the kinds of one provider, which all have an id of 0, only the first one keeps it.
/// </para>
/// <para>
/// Left out, as Windows leaves it out: the second record of the header buffer. Left out for safety: events of the provider 79430003-51bf-5f05-ed34-99cf32652c26, which
/// make TraceEvent open files that the trace names; and session headers too short to be one, into which TraceEvent writes as if they were whole.
/// </para>
/// <para>
/// On Windows TraceEvent's own <c>ETWTraceEventSource</c> can be had instead: both are a <see cref="TraceEventDispatcher"/>, and a test that runs there compares them.
/// </para>
/// <para>
/// Two things are TraceEvent's own. Its parser of kernel events asks Windows for the letters of drives when a file name begins with a device and the trace does not say
/// what it is called; off Windows that throws, unless <c>source.Kernel.KernelPathToUserPathMapper = path =&gt; path</c> is set. And some of its parsers throw on a payload
/// shorter than its version asks for, which ends the processing.
/// </para>
/// </remarks>
public static class EtlTraceEventSource
{
    /// <summary>Opens a trace. Disposing the dispatcher closes it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limits">What it may ask for; <see cref="EtlLimits.Default"/> if null.</param>
    /// <exception cref="EtlFormatException">It is no event trace log.</exception>
    /// <exception cref="IOException">The operating system does not give it.</exception>
    public static TraceEventDispatcher Open(string path, EtlLimits? limits = null)
    {
        EtlFile file = EtlFile.Open(path, limits);
        try
        {
            TraceEventDispatcher dispatcher = Open(file);
            dispatcher.Completed += file.Dispose;
            return dispatcher;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Reads a file that is open. It stays the caller's, to be closed after the dispatcher.</summary>
    public static TraceEventDispatcher Open(EtlFile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return BPerfSeam.Open(new EventFeed(file));
    }
}
