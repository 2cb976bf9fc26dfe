using Tracing.Etl;
using Tracing.Fuzz.Mutation;

namespace Tracing.Fuzz.Targets;

/// <summary>A bad trace beside a good one, as files of one recording: clocks that have to be related, and one order over both.</summary>
internal sealed class RecordingTarget : FuzzTarget
{
    private static readonly byte[] Good = TraceSeeds.OfAllKinds();

    public override string Name => "recording";

    public override long AllocationLimit => 8 << 20;

    protected override FuzzSeed[] MakeSeeds() => [FuzzSeed.OfTrace(Good), FuzzSeed.OfTrace(TraceSeeds.OfTraceLogging())];

    public override bool Read(byte[] input)
    {
        if (!TraceReading.TryOpen(input, out EtlFile? file))
        {
            return false;
        }

        using EtlRecording recording = EtlRecording.Of([EtlFile.Open(Good, "good.etl"), file!]);
        long records = TraceReading.Count(recording.ReadInTimeOrder());
        if (file!.Oddities.CountOf(EtlOddityKind.LimitReached) == 0)
        {
            TraceReading.Agree(recording.TakeCensus().Records, records, "Records of the recording's census and of its timeline");
        }

        return true;
    }
}
