using System.Collections.Concurrent;

namespace Tracing.Host.Session;

/// <summary>A bounded number of buffers, made as they are first needed. Thread-safe.</summary>
internal sealed class BufferPool(int maximumBuffers, int recordBytes)
{
    private readonly ConcurrentBag<SessionBuffer> _free = [];
    private int _made;

    /// <summary>Gets an empty buffer, or null if all are in use.</summary>
    internal SessionBuffer? TryTake()
    {
        if (_free.TryTake(out SessionBuffer? buffer))
        {
            return buffer;
        }

        // The count may overshoot for a moment; only who got a number within the bound makes a buffer.
        if (Volatile.Read(ref _made) < maximumBuffers && Interlocked.Increment(ref _made) <= maximumBuffers)
        {
            return new SessionBuffer(recordBytes);
        }

        return null;
    }

    /// <summary>Takes a buffer back.</summary>
    internal void Return(SessionBuffer buffer)
    {
        buffer.Used = 0;
        buffer.Events = 0;
        buffer.AfterLoss = false;
        _free.Add(buffer);
    }
}
