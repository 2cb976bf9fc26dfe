using System.Globalization;
using Tracing.Analysis.Reading;
using Tracing.Etl;
using Tracing.Reports.Model;
using Tracing.Reports.Wording;

namespace Tracing.Cli;

/// <summary>From paths to a report, for the verbs that show one: with progress, and with what is wrong with the trace said on standard error.</summary>
internal static class AnalyzedTrace
{
    /// <summary>Reads one file.</summary>
    public static LockReport Read(Session session, string path, ReadingOptions options) => Read(session, [path], options);

    /// <summary>Reads files: of one recording, merged in time, or of several, merged by what the driver's source calls its mutexes.</summary>
    public static LockReport Read(Session session, IReadOnlyList<string> paths, ReadingOptions options)
    {
        List<EtlFile> files = [];
        try
        {
            foreach (string path in paths)
            {
                files.Add(Failures.OpenTrace(path));
            }

            IReadOnlyList<IReadOnlyList<EtlFile>> recordings = RecordingGroups.Of(files);
            if (files.Count > 1)
            {
                session.Error.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{files.Count} files of {recordings.Count} recording{(recordings.Count == 1 ? "" : "s")}."));
            }

            LockReport[] reports = [.. recordings.Select(recording => ReadRecording(session, recording, options))];
            return reports.Length == 1 ? reports[0] : ReportMerge.Merge(reports);
        }
        finally
        {
            files.ForEach(file => file.Dispose());
        }
    }

    private static LockReport ReadRecording(Session session, IReadOnlyList<EtlFile> files, ReadingOptions options)
    {
        LockReport report;
        using (ProgressLine? progress = ProgressLine.For(session))
        {
            report = TraceReader.Read(EtlRecording.Of(files), options, progress, session.Cancellation);
        }

        foreach (EtlFile file in files)
        {
            Warnings.OfFile(session, file);
        }

        if (report.Trace.DriverEventsRead == 0)
        {
            session.Warn($"{SafeText.Escape(string.Join(", ", report.Trace.Files))}: no event of the provider KMutex-Driver is in it.");
        }

        return report;
    }
}
