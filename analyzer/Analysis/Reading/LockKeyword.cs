using Tracing.Etl;
using Tracing.Events;

namespace Tracing.Analysis.Reading;

/// <summary>Whether a recording was made with the keyword Lock: that is a fact about all of it, which a part need not show.</summary>
internal static class LockKeyword
{
    // By the manifest, these two come with the keyword Lock and with no other.
    private static readonly EtlFilter OfLock = new()
    {
        Providers = [KMutexProvider.Id],
        Ids = [(ushort)KMutexEventId.MutexAcquired, (ushort)KMutexEventId.MutexReleased],
    };

    /// <summary>Reads as far as the first event that the keyword brings: a few records of a recording that was made with it, all of one that was not.</summary>
    public static bool IsIn(EtlRecording recording, CancellationToken cancellation) =>
        recording.ReadInTimeOrder(OfLock, cancellation: cancellation).MoveNext();
}
