using Tracing.Reports.Model;

namespace Tracing.Reports.Wording;

/// <summary>What a recording is called in a sentence.</summary>
internal static class TraceWords
{
    /// <summary>
    /// What it was recorded on, and by which session. The simulated kernel states a version of Windows in its file, because readers expect one; it
    /// is none.
    /// </summary>
    public static string Machine(TraceSummary trace)
    {
        string system = trace.IsSimulated ? "simulated kernel" : $"Windows {trace.OsBuild}";
        return trace.RecordedBy.Length == 0 ? system : $"{system}, recorded by {trace.RecordedBy}";
    }
}
