using System.Diagnostics;
using Microsoft.Diagnostics.Tracing;
using Tracing.Analysis.Reading;
using Tracing.Etl;
using Tracing.Etl.TraceEvent;
using Tracing.Reports.Html;
using Tracing.Reports.Model;
using Tracing.Reports.Text;

namespace Tracing.Benchmarks;

/// <summary>Each way to go through a trace once, and how many records it met.</summary>
internal static class Passes
{
    /// <summary>What only moves bytes: <c>cat</c>, or where there is none, the same by hand.</summary>
    public static long Cat(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            using FileStream input = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            input.CopyTo(Stream.Null, 1 << 17);
            return 0;
        }

        using Process shell = Process.Start("/bin/sh", ["-c", "exec cat \"$0\" >/dev/null", path]);
        shell.WaitForExit();
        return 0;
    }

    /// <summary>Counts by provider and id.</summary>
    public static long Census(string path)
    {
        using EtlFile file = EtlFile.Open(path);
        return file.TakeCensus().Records;
    }

    /// <summary>The stream in the order of time.</summary>
    public static long Timeline(string path)
    {
        using EtlFile file = EtlFile.Open(path);
        long records = 0;
        foreach (EtlRecord record in file.ReadInTimeOrder())
        {
            records += record.Time > 0 ? 1 : 0;
        }

        return records;
    }

    /// <summary>TraceEvent over the bridge, with nobody who parses.</summary>
    public static long Bridge(string path)
    {
        using TraceEventDispatcher source = EtlTraceEventSource.Open(path);
        return CountEvents(source);
    }

    /// <summary>From the file to the finished report.</summary>
    public static long Report(string path)
    {
        using EtlFile file = EtlFile.Open(path);
        return TraceReader.Read(file).Trace.EventsRead;
    }

    /// <summary>From the file to the report on a terminal.</summary>
    public static long Terminal(string path)
    {
        using EtlFile file = EtlFile.Open(path);
        LockReport report = TraceReader.Read(file);
        TextReport.Write(report, new TextStyle(), TextWriter.Null);
        return report.Trace.EventsRead;
    }

    /// <summary>From the file to the report as a page.</summary>
    public static long Page(string path)
    {
        using EtlFile file = EtlFile.Open(path);
        LockReport report = TraceReader.Read(file, ReadingOptions.Default with { Timeline = true }, null);
        HtmlReport.Write(report, Stream.Null);
        return report.Trace.EventsRead;
    }

    public static long CountEvents(TraceEventDispatcher source)
    {
        long records = 0;
        source.AllEvents += _ => records++;
        source.Process();
        return records;
    }
}
