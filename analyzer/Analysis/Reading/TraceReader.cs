using System.Globalization;
using Tracing.Analysis.Activity;
using Tracing.Analysis.Durations;
using Tracing.Analysis.Machine;
using Tracing.Analysis.Results;
using Tracing.Analysis.Stacks;
using Tracing.Analysis.Timelines;
using Tracing.Analysis.Trust;
using Tracing.Etl;
using Tracing.Reports.Model;
using Tracing.Symbols;

namespace Tracing.Analysis.Reading;

/// <summary>From a recording to its report: one pass over its records in time order, read on the caller's thread and analysed on a second one.</summary>
public static class TraceReader
{
    /// <summary>Reads a file and reports on it.</summary>
    /// <inheritdoc cref="Read(EtlRecording, ReadingOptions, IProgress{ReadingProgress}?, CancellationToken)"/>
    public static LockReport Read(EtlFile file, CancellationToken cancellation = default) => Read(file, ReadingOptions.Default, null, cancellation);

    /// <summary>Reads a file and reports on it, telling how far it has come.</summary>
    /// <param name="file">An open file. It is read from the start and stays open.</param>
    /// <param name="options">What to collect.</param>
    /// <param name="progress">Told now and then how far it has come; null for nobody.</param>
    /// <param name="cancellation">Stops the pass.</param>
    /// <inheritdoc cref="Read(EtlRecording, ReadingOptions, IProgress{ReadingProgress}?, CancellationToken)"/>
    public static LockReport Read(EtlFile file, ReadingOptions options, IProgress<ReadingProgress>? progress, CancellationToken cancellation = default) =>
        Read(EtlRecording.Of([file]), options, progress, cancellation);

    /// <summary>Reads a recording of one file or several and reports on it, telling how far it has come.</summary>
    /// <param name="recording">The open files of one recording. They are read from the start and stay open.</param>
    /// <param name="options">What to collect.</param>
    /// <param name="progress">Told now and then how far it has come; null for nobody.</param>
    /// <param name="cancellation">Stops the pass.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="IOException">A file could not be read on.</exception>
    /// <remarks>A file that is damaged in places is reported as far as it is whole; the report says what is missing.</remarks>
    public static LockReport Read(EtlRecording recording, ReadingOptions options, IProgress<ReadingProgress>? progress, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(recording);
        ArgumentNullException.ThrowIfNull(options);
        EtlHeader header = recording.Header;
        bool sameClock = header.ClockType is EtlClockType.PerformanceCounter or EtlClockType.Unspecified;
        long frequency = sameClock || header.PerfFrequency <= 0 ? recording.Clock.Frequency : header.PerfFrequency;
        var pass = new ReadingPass(recording, options.Timeline ? SlowestStacks.InTimeline : SlowestStacks.InTable, progress, cancellation);
        bool everyLock = options.Window != TimeWindow.Whole && LockKeyword.IsIn(recording, cancellation);
        TraceAnalysis? before = null;
        if (options.Window.SinceNs > 0)
        {
            before = new TraceAnalysis(new TraceTime(recording.Clock.StartTicks, frequency, sameClock), frequency) { LockEventsRecorded = everyLock };
            pass.Run(new EventDecoder(before).Decode, options.Window.SinceTicks(recording.Clock));
            frequency = before.ClockFrequency;
        }

        var time = new TraceTime(before is null ? recording.Clock.StartTicks : options.Window.SinceTicks(recording.Clock), frequency, sameClock);
        ActivityCollector? activity = options.Activity ? new ActivityCollector(time) : null;
        TimelineCollector? timeline = options.Timeline ? new TimelineCollector(time) : null;
        var analysis = new TraceAnalysis(time, frequency)
        {
            LockEventsRecorded = everyLock,
            Observer = ObserverGroup.Of(activity, timeline, options.Observe?.Invoke(time, frequency, NamesIn(recording, cancellation))),
        };
        if (before is not null)
        {
            WindowOpening.Open(before, analysis);
        }

        pass.Run(new EventDecoder(analysis).Decode, options.Window.UntilTicks(recording.Clock));
        analysis.Pass(pass.Last);
        if (!sameClock && analysis.DriverEvents > 0)
        {
            analysis.Oddities.Add(EventOddity.OtherClock, -1);
        }

        LockReport report = analysis.Finish(Describe(recording, pass, options.Window, analysis.DriverEvents == 0, cancellation));
        var scale = new TickScale(analysis.ClockFrequency);
        AddressNamer namer = pass.Stacks.Namer(options.Symbols);
        return report with
        {
            Activity = activity?.Finish(analysis.ClockFrequency),
            Stacks = pass.Stacks.Rows(scale, report.Mutexes, namer),
            Timeline = timeline?.Build(scale, new MutexNames(analysis.Loads).Of, pass.Stacks.ByInterval(namer)),
        };
    }

    private static ThreadNames NamesIn(EtlRecording recording, CancellationToken cancellation)
    {
        var names = new NameTable();
        foreach (EtlRecord record in recording.ReadInTimeOrder(filter: null, cancellation: cancellation))
        {
            if (record.IsKernel)
            {
                names.Take(record);
            }
        }

        return names.ToNames();
    }

    private static RecordingFacts Describe(
        EtlRecording recording, ReadingPass pass, TimeWindow window, bool listProviders, CancellationToken cancellation)
    {
        EtlHeader header = recording.Header;
        EtlHeader[] headers = [.. recording.Files.Select(file => file.Header)];
        return new RecordingFacts
        {
            Files = [.. recording.Files.Select(file => file.Path)],
            StartUtc = header.StartTime == 0 ? null : header.StartTimeUtc,
            EndUtc = headers.All(one => one.EndTimeUtc is not null) ? headers.Max(one => one.EndTimeUtc) : null,
            DurationNs = recording.Clock.DurationToNanoseconds(Math.Max(0, pass.Last - window.SinceTicks(recording.Clock))),
            Window = window,
            ProcessorCount = headers.Max(one => one.ProcessorCount),
            OsBuild = string.Create(CultureInfo.InvariantCulture, $"{header.OsMajorVersion}.{header.OsMinorVersion}.{header.OsBuild}"),
            LoggerName = string.Join(", ", headers.Select(one => one.LoggerName).Where(name => name.Length > 0).Distinct()),
            EventsRead = pass.Records,
            EventsLost = headers.Sum(one => (long)one.EventsLost),
            BuffersLost = headers.Sum(one => (long)one.BuffersLost),
            Damaged = recording.Files.Any(file => file.Oddities.Any(oddity => oddity.MayLoseRecords)),
            BuffersMissing = recording.Files.Any(file => file.Oddities.CountOf(EtlOddityKind.SequenceGap) > 0),
            FileOddities = [.. recording.Files.SelectMany(file => file.Oddities).Select(oddity => new Oddity(NameOf(oddity.Kind), oddity.Count, oddity.FirstOffset, oddity.Sentence))],
            Names = pass.Names.ToNames(),
            OtherProviders = listProviders
                ? [.. recording.TakeCensus(cancellation).Providers.Select(provider => new ProviderCount(provider.ProviderId, "", provider.Records))]
                : [],
        };
    }

    /// <summary>The kind in the spelling of report data: <c>TruncatedBuffer</c> becomes <c>file-truncated-buffer</c>.</summary>
    private static string NameOf(EtlOddityKind kind) =>
        string.Concat(kind.ToString().Select(letter => char.IsUpper(letter) ? $"-{char.ToLowerInvariant(letter)}" : $"{letter}")).Insert(0, "file");
}
