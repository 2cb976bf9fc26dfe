using Tracing.Etl;
using Tracing.Etl.Kernel;
using Tracing.Symbols;

namespace Tracing.Cli;

/// <summary>The call stack that a record carries, in words: that of an extended item, of a StackWalk record, or of a stack's definition.</summary>
internal sealed class StackWords
{
    // The kernel gives at most 192 frames; a record could hold 8,000.
    private const int MaximumFrames = 512;

    private readonly AddressNamer _namer;

    private StackWords(AddressNamer namer) => _namer = namer;

    /// <summary>Reads a recording's images in a pass of its own.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="symbols">Where symbols are.</param>
    /// <param name="cancellation">Stops the pass.</param>
    public static StackWords Of(EtlRecording recording, SymbolFolder symbols, CancellationToken cancellation)
    {
        ImageMap images = new();
        foreach (EtlRecord record in recording.ReadInTimeOrder(ImageMap.Records, cancellation: cancellation))
        {
            images.Take(record);
        }

        return new StackWords(new AddressNamer(images, symbols));
    }

    /// <summary>The frames, innermost first; none where the record has no stack.</summary>
    public IReadOnlyList<string> Of(in EtlRecord record)
    {
        if (record.ExtendedItems.TryGetStack(out EtlStack stack, out _))
        {
            return Name(stack, record.ProcessId, record.Time);
        }

        if (StackWalk.TryRead(record, out StackWalk walk))
        {
            return Name(walk.Stack, walk.ProcessId, walk.EventTime);
        }

        return StackDefinition.TryRead(record, out StackDefinition definition) ? Name(definition.Stack, -1, record.Time) : [];
    }

    private string[] Name(EtlStack stack, int processId, long time)
    {
        string[] frames = new string[Math.Min(stack.Count, MaximumFrames)];
        for (int i = 0; i < frames.Length; i++)
        {
            frames[i] = _namer.Name(processId, stack[i], time);
        }

        return frames;
    }
}
