using Tracing.Analysis.Machine;
using Tracing.Analysis.Scheduling;
using Tracing.Analysis.Stacks;
using Tracing.Etl;
using Tracing.Etl.Kernel;
using Tracing.Events;

namespace Tracing.Analysis.Reading;

/// <summary>One pass over a recording in the order of time, in one part or several: the driver's records go over to the analysis, and so do the ends of threads and what those do; the kernel's other records give them their names.</summary>
internal sealed class ReadingPass : IProgress<EtlProgress>
{
    private readonly IProgress<ReadingProgress>? _progress;
    private readonly EtlTimeline _timeline;
    private long _read;
    private bool _isPending;

    public ReadingPass(EtlRecording recording, int stacks, IProgress<ReadingProgress>? progress, CancellationToken cancellation)
    {
        _progress = progress;
        _timeline = recording.ReadInTimeOrder(filter: null, this, cancellation);
        Last = recording.Clock.StartTicks;
        Stacks = new SlowestStacks(recording.Clock, stacks);
    }

    /// <summary>Records of the latest part, of any provider.</summary>
    public long Records { get; private set; }

    /// <summary>The latest time of any record, or the end of the latest part; the recording's start before there is one.</summary>
    public long Last { get; private set; }

    /// <summary>What threads and processes are called.</summary>
    public NameTable Names { get; } = new();

    /// <summary>Call stacks of the latest part.</summary>
    public SlowestStacks Stacks { get; }

    /// <summary>
    /// Reads up to the first record of the driver from a time on, which begins the next part. Others may have any time: those in the headers of files come first.
    /// </summary>
    /// <param name="analyse">Takes the records, on a thread of its own, and is done when this returns.</param>
    /// <param name="until">That time, in ticks of the recording's clock.</param>
    public void Run(Action<RecordBatch> analyse, long until)
    {
        using var analysing = new AnalysisThread(analyse);
        Guid driver = KMutexProvider.Id;
        Records = 0;
        Stacks.Begin();
        RecordBatch batch = analysing.Take();
        while (_isPending || _timeline.MoveNext())
        {
            EtlRecord record = _timeline.Current;
            bool isDriver = record.IsEventOf(driver);
            _isPending = isDriver && record.Time >= until;
            if (_isPending)
            {
                break;
            }

            Records++;
            _read++;
            Last = Math.Max(Last, Math.Min(record.Time, until));
            if (!isDriver)
            {
                if (record.IsKernel)
                {
                    Names.Take(record);
                    if (ThreadEvent.TryRead(record, out ThreadEvent thread) && thread.Life == LifeEvent.End)
                    {
                        while (!batch.TryAddEnd(thread, record, Last))
                        {
                            batch = analysing.Exchange(batch);
                        }
                    }
                    else if (SchedulingEvent.TryRead(record, out SchedulingEvent scheduling))
                    {
                        while (!batch.TryAdd(scheduling, record, Last))
                        {
                            batch = analysing.Exchange(batch);
                        }
                    }
                }

                Stacks.TakeOther(record);
                continue;
            }

            if (record.HasExtendedItems)
            {
                Stacks.TakeDriver(record);
            }

            while (!batch.TryAdd(record, Last))
            {
                batch = analysing.Exchange(batch);
            }
        }

        Last = _isPending ? until : Last;
        analysing.Give(batch);
        analysing.Complete();
    }

    void IProgress<EtlProgress>.Report(EtlProgress value) => _progress?.Report(new ReadingProgress(_read, value.BytesRead, value.BytesTotal));
}
