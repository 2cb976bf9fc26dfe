using Tracing.Analysis.Mutexes;
using Tracing.Analysis.Ordering;

namespace Tracing.Analysis.Blame;

/// <summary>Since when the longest of the waits for a mutex that have not ended has lasted: so far back its holds must be kept.</summary>
/// <remarks>Waits are added at their begin and found to have ended when that matters: at most two entries are kept per waiting thread.</remarks>
internal sealed class OpenRequests(MutexLedger mutex)
{
    private readonly Queue<Request> _requests = new();
    private int _compactAt = 8;

    /// <summary>Adds a wait that begins.</summary>
    public void Add(ThreadLocks thread, ulong requestedAt)
    {
        if (_requests.Count == _compactAt)
        {
            for (int i = _requests.Count; i > 0; i--)
            {
                Request request = _requests.Dequeue();
                if (IsOpen(request))
                {
                    _requests.Enqueue(request);
                }
            }

            _compactAt = Math.Max(8, _requests.Count * 2);
        }

        _requests.Enqueue(new Request(thread, requestedAt));
    }

    /// <summary>When the earliest of them began; the greatest number when there is none.</summary>
    public ulong Oldest()
    {
        while (_requests.TryPeek(out Request request))
        {
            if (IsOpen(request))
            {
                return request.RequestedAt;
            }

            _ = _requests.Dequeue();
        }

        return ulong.MaxValue;
    }

    private bool IsOpen(Request request) => request.Thread.Wait.Mutex == mutex && request.Thread.Wait.RequestedAt == request.RequestedAt;

    private readonly record struct Request(ThreadLocks Thread, ulong RequestedAt);
}
