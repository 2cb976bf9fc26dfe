using Tracing.Analysis.Machine;
using Tracing.Etl;
using Tracing.Events;

namespace Tracing.Analysis.Reading;

/// <summary>One pass over a recording in the order of time: the driver's records go over to the analysis, the kernel's give threads their names.</summary>
internal sealed class ReadingPass(EtlRecording recording, IProgress<ReadingProgress>? progress, CancellationToken cancellation) : IProgress<EtlProgress>
{
    /// <summary>Records read, of any provider.</summary>
    public long Records { get; private set; }

    /// <summary>The latest time of any of them; the recording's start before there is one.</summary>
    public long Last { get; private set; } = recording.Clock.StartTicks;

    /// <summary>What threads and processes are called.</summary>
    public NameTable Names { get; } = new();

    public void Run(AnalysisThread analysing)
    {
        Guid driver = KMutexProvider.Id;
        RecordBatch batch = analysing.Take();
        foreach (EtlRecord record in recording.ReadInTimeOrder(filter: null, this, cancellation))
        {
            Records++;
            Last = Math.Max(Last, record.Time);
            if (record.Kind != EtlRecordKind.Event || record.ProviderId != driver)
            {
                if (record.IsKernel)
                {
                    Names.Take(record);
                }

                continue;
            }

            while (!batch.TryAdd(record, Last))
            {
                analysing.Give(batch);
                batch = analysing.Take();
            }
        }

        analysing.Give(batch);
    }

    void IProgress<EtlProgress>.Report(EtlProgress value) => progress?.Report(new ReadingProgress(Records, value.BytesRead, value.BytesTotal));
}
