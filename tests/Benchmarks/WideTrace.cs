using Tracing.Etl;

namespace Tracing.Benchmarks;

/// <summary>A trace of large events, as those with call stacks and texts are: 80 bytes of header, 100 to 1,500 of payload, eight events of two providers.</summary>
internal static class WideTrace
{
    private const int Processors = 4;
    private const int Events = 8;
    private const int LeastPayload = 100;
    private const int MostPayload = 1_500;
    private static readonly Guid[] Providers = [new("6a3a2d70-3c35-4b3f-8b0e-0a4c3d2f1e11"), new("6a3a2d70-3c35-4b3f-8b0e-0a4c3d2f1e12")];

    /// <summary>Writes the file.</summary>
    /// <param name="path">Replaced if it exists.</param>
    /// <param name="bytes">About how large.</param>
    public static void Write(string path, long bytes)
    {
        using FileStream output = new(path, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 20);
        using EtlWriter writer = new(output, new EtlWriterOptions { Header = EtlWriterOptions.DefaultHeader with { ProcessorCount = Processors, StartTicks = 1 } });
        Random random = new(1);
        byte[] payload = new byte[MostPayload];
        random.NextBytes(payload);
        byte[] records = new byte[writer.MaximumRecordBytes];
        long time = 1;
        for (long buffer = 1; output.Position < bytes; buffer++)
        {
            int used = 0;
            int written;
            while (EtlEventRecord.TryWrite(records.AsSpan(used), Header(random.Next(Events), ++time), payload.AsSpan(0, random.Next(LeastPayload, MostPayload)), out written))
            {
                used += written;
            }

            writer.WriteBuffer(new EtlBuffer { Processor = (int)(buffer % Processors), Sequence = buffer, Timestamp = time, Records = records.AsSpan(0, used) });
        }

        writer.Complete(new EtlClosing { EndTime = time });
    }

    private static EtlEventHeader Header(int kind, long time) =>
        new() { ProviderId = Providers[kind % Providers.Length], Id = (ushort)kind, Level = 4, ThreadId = 8, ProcessId = 4, Time = time };
}
