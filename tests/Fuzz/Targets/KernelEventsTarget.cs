using Tracing.Etl;
using Tracing.Etl.Kernel;
using Tracing.Etl.Tests;
using Tracing.Fuzz.Mutation;

namespace Tracing.Fuzz.Targets;

/// <summary>Payloads of the kernel's events that lock analysis reads.</summary>
internal sealed class KernelEventsTarget : FuzzTarget
{
    private static readonly ushort[] Hooks =
    [
        KernelHook.ProcessStart, KernelHook.ProcessImageLoad, KernelHook.ThreadStart, KernelHook.ContextSwitch, KernelHook.ReadyThread, KernelHook.ThreadSetName,
        KernelHook.SampledProfile, KernelHook.ThreadedDpc, KernelHook.Interrupt, KernelHook.Dpc, KernelHook.ImageUnload, KernelHook.ImageLoad, KernelHook.StackWalk,
        KernelHook.StackKeyDelete, KernelHook.StackKeyKernel, KernelHook.StackKeyUser,
    ];

    public override string Name => "kernel-events";

    public override long AllocationLimit => 8 << 20;

    protected override FuzzSeed[] MakeSeeds()
    {
        // A user's identifier where one is expected, texts behind it, and numbers that are a plausible pointer, process and thread before it.
        byte[] sid = [0x10, 0x20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 32, 2, 0, 0];
        byte[] texts = [.. "svchost.exe\0"u8, .. "c\0:\0\\\0a\0.\0e\0x\0e\0\0\0"u8];
        byte[] numbers = [.. Enumerable.Range(0, 36).Select(i => (byte)(i % 5 == 0 ? i : 0))];
        byte[] payload = [.. numbers, .. sid, .. texts];
        return [.. Enumerable.Range(0, 5).Select(version => FuzzSeed.OfTrace(TraceSeeds.Write([.. Hooks.Chunk(4).Select((hooks, i) =>
            (i % 2, hooks.Select((hook, at) => RecordBytes.System(1_000_000 + (8 * i) + at, hook, payload, is64: version != 1, (byte)version)).ToArray()))])))];
    }

    public override bool Read(byte[] input)
    {
        if (!TraceReading.TryOpen(input, out EtlFile? file))
        {
            return false;
        }

        using (file)
        {
            foreach (EtlRecord record in file!.ReadInTimeOrder())
            {
                _ = ReadTexts(record) + ReadStacks(record);
                _ = ContextSwitch.TryRead(record, out _) | ReadyThread.TryRead(record, out _) | ThreadEvent.TryRead(record, out _) | DeferredCall.TryRead(record, out _)
                    | Interrupt.TryRead(record, out _) | ProfileSample.TryRead(record, out _) | StackReference.TryRead(record, out _);
            }
        }

        return true;
    }

    private static int ReadTexts(in EtlRecord record)
    {
        int characters = ProcessEvent.TryRead(record, out ProcessEvent process) ? process.ImageFileName.Length + process.CommandLine.Length : 0;
        characters += ImageEvent.TryRead(record, out ImageEvent image) ? image.FileName.Length : 0;
        characters += ImageDebugEvent.TryRead(record, out ImageDebugEvent debug) ? debug.PdbFileName.Length : 0;
        return characters + (ThreadNameEvent.TryRead(record, out ThreadNameEvent name) ? name.Name.Length : 0);
    }

    private static int ReadStacks(in EtlRecord record)
    {
        int addresses = StackWalk.TryRead(record, out StackWalk walk) ? walk.Stack.ToArray().Length : 0;
        return addresses + (StackDefinition.TryRead(record, out StackDefinition definition) ? definition.Stack.ToArray().Length : 0);
    }
}
