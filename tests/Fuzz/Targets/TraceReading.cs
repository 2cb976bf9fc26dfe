using Tracing.Etl;

namespace Tracing.Fuzz.Targets;

/// <summary>Reads a trace in every way the reader offers, and holds the ways against each other.</summary>
internal static class TraceReading
{
    /// <summary>Reads it.</summary>
    /// <returns>False if it was refused.</returns>
    public static bool TryOpen(byte[] input, out EtlFile? file)
    {
        try
        {
            file = EtlFile.Open(input, "input.etl", TraceSeeds.Limits);
            return true;
        }
        catch (EtlFormatException)
        {
            file = null;
            return false;
        }
    }

    /// <summary>Counts the records that a pass delivers, asking each for all it has.</summary>
    public static long Count(EtlTimeline timeline)
    {
        long records = 0;
        foreach (EtlRecord record in timeline)
        {
            records++;
            Touch(record);
        }

        return records;
    }

    public static void Agree(long expected, long actual, string what)
    {
        if (expected != actual)
        {
            throw new FuzzFindingException($"{what}: {expected} expected, found {actual}.");
        }
    }

    private static void Touch(in EtlRecord record)
    {
        _ = record.ThreadId ^ record.ProcessId ^ record.Id ^ record.Version ^ record.Channel ^ record.Level ^ record.Opcode ^ record.Task ^ (int)record.Keyword;
        _ = record.KernelTime ^ record.UserTime ^ record.PointerSize ^ record.EventProperty ^ record.Processor;
        _ = record.ProviderId == record.ActivityId;
        int extras = 0;
        foreach (EtlExtendedItem item in record.ExtendedItems)
        {
            extras += item.Data.Length;
        }

        if (extras + record.Payload.Length > record.Bytes.Length)
        {
            throw new FuzzFindingException($"The record at 0x{record.Offset:X} has more content than bytes.");
        }
    }
}
