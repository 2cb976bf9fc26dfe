using Tracing.Analysis.Reading;
using Tracing.Etl;
using Tracing.Reports.Model;
using Tracing.Reports.Wording;

namespace Tracing.Cli;

/// <summary>From a path to a report, for the verbs that show one: with progress, and with what is wrong with the trace said on standard error.</summary>
internal static class AnalyzedTrace
{
    public static LockReport Read(Session session, string path) => Read(session, path, ReadingOptions.Default);

    public static LockReport Read(Session session, string path, ReadingOptions options)
    {
        LockReport report;
        using (EtlFile file = Failures.OpenTrace(path))
        {
            using (ProgressLine? progress = ProgressLine.For(session, file))
            {
                report = TraceReader.Read(file, options, progress, session.Cancellation);
            }

            Warnings.OfFile(session, file);
        }

        if (report.Trace.DriverEventsRead == 0)
        {
            session.Warn($"{SafeText.Escape(path)}: no event of the provider KMutex-Driver is in it.");
        }

        return report;
    }
}
