using System.CommandLine;
using System.Diagnostics;
using System.Runtime.Versioning;
using Microsoft.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Session;
using Tracing.Analysis.Reading;
using Tracing.Etl;
using Tracing.Parsers;
using Tracing.Reports.Text;
using Tracing.Reports.Wording;

namespace Tracing.Cli;

/// <summary><c>kmutex watch</c>: a live session on Windows, whose report is printed again and again as it grows.</summary>
/// <remarks>
/// Events go through <see cref="KMutexTraceEventParser"/> into a trace, and each report is that of the trace so far: the same numbers that <c>kmutex report</c> gives for it
/// afterwards. What of this only Windows can prove stands in docs/not-yet-verified.md.
/// </remarks>
internal static class WatchCommand
{
    private const string SessionName = "KMutex watch";
    private const long NanosecondsPerMillisecond = 1_000_000;
    private const long DefaultInterval = 5_000 * NanosecondsPerMillisecond;

    public static Command Create(Session session)
    {
        Option<long?> every = TimeSpanOption.Create("--every", "Time from one report to the next; 5s if not given.");
        Option<long?> until = TimeSpanOption.Create("--for", "Stop after this time. Without it, Ctrl-C stops.");
        var light = new Option<bool>("--light") { Description = "Leave out uncontended acquires, of which a busy system has millions." };
        var output = new Option<string>("--output", "-o") { Description = "Where the trace goes, to be reported on again later.", HelpName = "OUT.etl", Required = true };
        var command = new Command("watch", "Record a live session (Windows, as administrator) and print its report again and again.") { every, until, light, output };
        command.SetAction(arguments => Failures.Guard(session, () => OperatingSystem.IsWindows()
            ? Run(session, arguments.GetRequiredValue(output), arguments.GetValue(light), arguments.GetValue(every) ?? DefaultInterval, arguments.GetValue(until))
            : throw new CommandException(
                ExitCode.Usage, "watch records a live session, and only Windows has those. Record there (docs/install.md), then `kmutex report FILE` reads the trace here.")));
        return command;
    }

    [SupportedOSPlatform("windows")]
    private static int Run(Session session, string path, bool light, long every, long? until)
    {
        if (TraceEventSession.IsElevated() != true)
        {
            throw new CommandException(ExitCode.Usage, "watch needs an administrator: Windows lets nobody else record kernel drivers.");
        }

        using var file = new FileStream(path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read);
        using var live = new TraceEventSession(SessionName) { StopOnDispose = true };
        var parser = new KMutexTraceEventParser(live.Source);
        using var recorder = new KMutexRecorder(parser, file, HeaderOfThisMachine());
        KMutexTraceEventParser.Keywords keywords = Enum.GetValues<KMutexTraceEventParser.Keywords>()
            .Where(keyword => !light || keyword != KMutexTraceEventParser.Keywords.Lock)
            .Aggregate(KMutexTraceEventParser.Keywords.None, (all, keyword) => all | keyword);
        live.EnableProvider(KMutexTraceEventParser.ProviderGuid, TraceEventLevel.Verbose, (ulong)keywords);
        live.CaptureState(KMutexTraceEventParser.ProviderGuid, (ulong)KMutexTraceEventParser.Keywords.Rundown);
        var processing = new Thread(() => live.Source.Process()) { IsBackground = true, Name = "kmutex live events" };
        processing.Start();

        var time = Stopwatch.StartNew();
        while (!session.Cancellation.IsCancellationRequested && (until is not long end || time.Elapsed.TotalNanoseconds < end))
        {
            session.Cancellation.WaitHandle.WaitOne(TimeSpan.FromMilliseconds(Math.Max(1, every / NanosecondsPerMillisecond)));
            recorder.Flush();
            file.Flush();
            Print(session, path);
        }

        // What is still live is told once more, so that the trace ends with a rundown.
        live.CaptureState(KMutexTraceEventParser.ProviderGuid, (ulong)KMutexTraceEventParser.Keywords.Rundown);
        live.Flush();
        live.Stop();
        processing.Join();
        recorder.Complete(new EtlClosing(DateTime.UtcNow.ToFileTimeUtc(), (uint)live.EventsLost));
        file.Flush();
        Print(session, path);
        session.Error.WriteLine($"Wrote {SafeText.Escape(path)}");
        return ExitCode.Fine;
    }

    private static void Print(Session session, string path)
    {
        using var text = Session.TextInto(session.Output);
        if (session.Colour)
        {
            // To the upper left corner, and nothing below it.
            text.Write("\u001b[H\u001b[J");
        }

        TextReport.Write(AnalyzedTrace.Read(session, path, ReadingOptions.Default), new TextStyle { Colour = session.Colour }, text);
    }

    private static EtlHeader HeaderOfThisMachine() => EtlWriterOptions.DefaultHeader with
    {
        StartTicks = Stopwatch.GetTimestamp(),
        StartTime = DateTime.UtcNow.ToFileTimeUtc(),
        PerfFrequency = Stopwatch.Frequency,
        ProcessorCount = Environment.ProcessorCount,
        OsMajorVersion = (byte)Environment.OSVersion.Version.Major,
        OsMinorVersion = (byte)Environment.OSVersion.Version.Minor,
        OsBuild = (uint)Environment.OSVersion.Version.Build,
        LoggerName = SessionName,
    };
}
