namespace Tracing.Driver;

/// <summary>
/// What the generated writers need of the driver, with an EtwWrite that keeps what it is given: the descriptor, and the payload with its
/// pieces joined, as a session would record it. Per thread, so that tests run side by side.
/// </summary>
internal static unsafe class Kernel
{
    [ThreadStatic]
    private static WrittenEvent? _last;

    /// <summary>The event written last by this thread.</summary>
    internal static WrittenEvent Last => _last ?? throw new InvalidOperationException("This thread has written no event.");

    internal static int EtwWrite(ulong registration, EventDescriptor* descriptor, Guid* activityId, uint userDataCount, EventDataDescriptor* userData)
    {
        List<byte> payload = [];
        for (uint piece = 0; piece < userDataCount; piece++)
        {
            Assert.Equal(0U, userData[piece].Reserved);
            payload.AddRange(new ReadOnlySpan<byte>((void*)userData[piece].Ptr, (int)userData[piece].Size));
        }

        Assert.True(activityId == null);
        _last = new WrittenEvent(registration, *descriptor, [.. payload]);
        return 0;
    }
}

/// <summary>An event as EtwWrite got it.</summary>
internal sealed record WrittenEvent(ulong Registration, EventDescriptor Descriptor, byte[] Payload);
