using Microsoft.Diagnostics.Tracing;
using Tracing.Etl;
using Tracing.Etl.TraceEvent;
using Tracing.Fuzz.Mutation;

namespace Tracing.Fuzz.Targets;

/// <summary>Traces through the bridge into TraceEvent: what the bridge hands over must never make TraceEvent read beyond it.</summary>
internal sealed class BridgeTarget : FuzzTarget
{
    public override string Name => "bridge";

    // The bridge's own blocks, and what TraceEvent's parsers allocate for their templates.
    public override long AllocationLimit => 32 << 20;

    protected override FuzzSeed[] MakeSeeds() => [FuzzSeed.OfTrace(TraceSeeds.OfAllKinds()), FuzzSeed.OfTrace(TraceSeeds.OfTraceLogging())];

    public override bool Read(byte[] input)
    {
        if (!TraceReading.TryOpen(input, out EtlFile? file))
        {
            return false;
        }

        using (file)
        using (TraceEventDispatcher source = EtlTraceEventSource.Open(file!))
        {
            long events = 0;
            source.AllEvents += e => events += e.EventDataLength >= 0 ? 1 : 0;

            // The events that describe others are of the bridge's own making. TraceEvent's parsers of the kernel and the runtime refuse damaged payloads by exceptions.
            source.Dynamic.All += e =>
            {
                for (int i = 0; i < e.PayloadNames.Length; i++)
                {
                    _ = e.PayloadValue(i);
                }
            };
            source.Process();
            if (events > 2 * (file!.TakeCensus().Records + 1))
            {
                throw new FuzzFindingException($"{events} events of {file.TakeCensus().Records} records.");
            }
        }

        return true;
    }
}
