using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Tracing.Analysis.Reading;

/// <summary>
/// A second thread that analyses while the first one reads on: batches of records go over full and come back empty. The order of records stays as
/// it was, and the analysis itself belongs to one thread at a time.
/// </summary>
internal sealed class AnalysisThread : IDisposable
{
    // One is filled, one analysed; the others even out what the two threads are slow at in turn.
    private const int Batches = 4;

    private readonly BlockingCollection<RecordBatch> _full = new(Batches);
    private readonly BlockingCollection<RecordBatch> _empty = new(Batches);
    private readonly Thread _thread;
    private ExceptionDispatchInfo? _failure;
    private int _made;

    /// <summary>Starts the thread.</summary>
    /// <param name="analyse">Takes each batch, in order.</param>
    public AnalysisThread(Action<RecordBatch> analyse)
    {
        _thread = new Thread(() => Run(analyse)) { IsBackground = true, Name = "kmutex analysis" };
        _thread.Start();
    }

    /// <summary>An empty batch, as soon as there is one.</summary>
    public RecordBatch Take()
    {
        if (_made == Batches)
        {
            return _empty.Take();
        }

        // A small file needs but one.
        if (!_empty.TryTake(out RecordBatch? batch))
        {
            batch = new RecordBatch();
            _made++;
        }

        return batch;
    }

    /// <summary>Hands over a batch.</summary>
    public void Give(RecordBatch batch) => _full.Add(batch);

    /// <summary>Hands over a batch that is full, and takes an empty one.</summary>
    public RecordBatch Exchange(RecordBatch full)
    {
        Give(full);
        return Take();
    }

    /// <summary>Waits until all that was given has been analysed. What the analysis threw is thrown here.</summary>
    public void Complete()
    {
        _full.CompleteAdding();
        _thread.Join();
        _failure?.Throw();
    }

    /// <summary>Ends the thread; what it has not begun is left.</summary>
    public void Dispose()
    {
        _full.CompleteAdding();
        _thread.Join();
        _full.Dispose();
        _empty.Dispose();
    }

    private void Run(Action<RecordBatch> analyse)
    {
        foreach (RecordBatch batch in _full.GetConsumingEnumerable())
        {
            // After a failure batches still go round, or the reader would wait for ever.
            if (_failure is null)
            {
                try
                {
                    analyse(batch);
                }
                catch (Exception e)
                {
                    _failure = ExceptionDispatchInfo.Capture(e);
                }
            }

            batch.Clear();
            _empty.Add(batch);
        }
    }
}
