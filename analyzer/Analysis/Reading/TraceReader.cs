using System.Globalization;
using Tracing.Analysis.Activity;
using Tracing.Analysis.Machine;
using Tracing.Analysis.Timelines;
using Tracing.Analysis.Trust;
using Tracing.Etl;
using Tracing.Events;
using Tracing.Reports.Model;

namespace Tracing.Analysis.Reading;

/// <summary>From a file to its report: one pass over its records in time order, read on the caller's thread and analysed on a second one.</summary>
public static class TraceReader
{
    // Often enough to stop within a few milliseconds, seldom enough not to be felt.
    private const int RecordsBetweenChecks = 1 << 14;

    /// <summary>Reads a file and reports on it.</summary>
    /// <inheritdoc cref="Read(EtlFile, ReadingOptions, IProgress{ReadingProgress}?, CancellationToken)"/>
    public static LockReport Read(EtlFile file, CancellationToken cancellation = default) => Read(file, ReadingOptions.Default, null, cancellation);

    /// <summary>Reads a file and reports on it, telling how far it has come.</summary>
    /// <param name="file">An open file. It is read from the start and stays open.</param>
    /// <param name="options">What to collect.</param>
    /// <param name="progress">Told now and then how far it has come; null for nobody.</param>
    /// <param name="cancellation">Stops the pass.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="IOException">The file could not be read on.</exception>
    /// <remarks>A file that is damaged in places is reported as far as it is whole; the report says what is missing.</remarks>
    public static LockReport Read(EtlFile file, ReadingOptions options, IProgress<ReadingProgress>? progress, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(options);
        bool sameClock = file.Header.ClockType is EtlClockType.PerformanceCounter or EtlClockType.Unspecified;
        long frequency = sameClock || file.Header.PerfFrequency <= 0 ? file.Clock.Frequency : file.Header.PerfFrequency;
        var time = new TraceTime(file.Clock.StartTicks, frequency, sameClock);
        ActivityCollector? activity = options.Activity ? new ActivityCollector(time) : null;
        var analysis = new TraceAnalysis(time, frequency) { Observer = (ILockObserver?)activity ?? options.Observe?.Invoke(time, frequency), Timeline = options.Timeline ? new TimelineFeed(time) : null };
        long records = 0;
        long last = file.Clock.StartTicks;
        var names = new NameTable();
        using (var analysing = new AnalysisThread(new EventDecoder(analysis).Decode))
        {
            Pass(file, analysing, names, progress, ref records, ref last, cancellation);
            analysing.Complete();
        }

        analysis.Pass(last);
        if (!sameClock && analysis.DriverEvents > 0)
        {
            analysis.Oddities.Add(EventOddity.OtherClock, -1);
        }

        LockReport report = analysis.Finish(Describe(file, records, last, analysis.DriverEvents == 0, cancellation) with { Names = names.ToNames() });
        return report with { Activity = activity?.Finish(analysis.ClockFrequency) };
    }

    /// <summary>Hands the driver's records over to the analysis, in the order of time.</summary>
    private static void Pass(
        EtlFile file, AnalysisThread analysing, NameTable names, IProgress<ReadingProgress>? progress, ref long records, ref long last,
        CancellationToken cancellation)
    {
        Guid driver = KMutexProvider.Id;
        long offset = 0;
        RecordBatch batch = analysing.Take();
        foreach (EtlRecord record in file.ReadInTimeOrder())
        {
            if (++records % RecordsBetweenChecks == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                offset = Math.Max(offset, record.Offset);
                progress?.Report(new ReadingProgress(records, offset));
            }

            last = Math.Max(last, record.Time);
            if (record.Kind != EtlRecordKind.Event || record.ProviderId != driver)
            {
                if (record.IsKernel)
                {
                    names.Take(record);
                }

                continue;
            }

            while (!batch.TryAdd(record, last))
            {
                analysing.Give(batch);
                batch = analysing.Take();
            }
        }

        analysing.Give(batch);
    }

    private static RecordingFacts Describe(EtlFile file, long records, long last, bool listProviders, CancellationToken cancellation)
    {
        EtlHeader header = file.Header;
        return new RecordingFacts
        {
            Files = [file.Path],
            StartUtc = header.StartTime == 0 ? null : header.StartTimeUtc,
            EndUtc = header.EndTimeUtc,
            DurationNs = file.Clock.DurationToNanoseconds(Math.Max(0, last - file.Clock.StartTicks)),
            ProcessorCount = header.ProcessorCount,
            OsBuild = string.Create(CultureInfo.InvariantCulture, $"{header.OsMajorVersion}.{header.OsMinorVersion}.{header.OsBuild}"),
            LoggerName = header.LoggerName,
            EventsRead = records,
            EventsLost = header.EventsLost,
            BuffersLost = header.BuffersLost,
            Damaged = file.Oddities.Any(IsDamage),
            BuffersMissing = file.Oddities.CountOf(EtlOddityKind.SequenceGap) > 0,
            FileOddities = [.. file.Oddities.Select(oddity => new Oddity(NameOf(oddity.Kind), oddity.Count, oddity.FirstOffset, oddity.Sentence))],
            OtherProviders = listProviders
                ? [.. file.TakeCensus(cancellation).Providers.Select(provider => new ProviderCount(provider.ProviderId, "", provider.Records))]
                : [],
        };
    }

    /// <summary>Whether records may be missing because of it; order and numbering problems lose nothing.</summary>
    private static bool IsDamage(EtlOddity oddity) =>
        !oddity.IsNote
        && oddity.Kind is not (EtlOddityKind.TimeWentBackwards or EtlOddityKind.DuplicateSequence or EtlOddityKind.SecondHeaderBuffer);

    /// <summary>The kind in the spelling of report data: <c>TruncatedBuffer</c> becomes <c>file-truncated-buffer</c>.</summary>
    private static string NameOf(EtlOddityKind kind) =>
        string.Concat(kind.ToString().Select(letter => char.IsUpper(letter) ? $"-{char.ToLowerInvariant(letter)}" : $"{letter}")).Insert(0, "file");
}
