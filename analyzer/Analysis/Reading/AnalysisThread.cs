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

    private readonly Queue<RecordBatch> _full = new(Batches);
    private readonly Queue<RecordBatch> _empty = new(Batches);

    // A monitor waits without spinning, as a BlockingCollection would not: a long queue keeps the reader waiting for a good part of the time.
    private readonly object _gate = new();
    private readonly Thread _thread;
    private ExceptionDispatchInfo? _failure;
    private bool _isComplete;
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
        lock (_gate)
        {
            while (_empty.Count == 0 && _made == Batches)
            {
                Monitor.Wait(_gate);
            }

            // A small file needs but one.
            if (!_empty.TryDequeue(out RecordBatch? batch))
            {
                batch = new RecordBatch();
                _made++;
            }

            return batch;
        }
    }

    /// <summary>Hands over a batch.</summary>
    public void Give(RecordBatch batch)
    {
        lock (_gate)
        {
            _full.Enqueue(batch);
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Hands over a batch that is full, and takes an empty one.</summary>
    public RecordBatch Exchange(RecordBatch full)
    {
        Give(full);
        return Take();
    }

    /// <summary>Waits until all that was given has been analysed. What the analysis threw is thrown here.</summary>
    public void Complete()
    {
        End();
        _failure?.Throw();
    }

    /// <summary>Ends the thread, once it has taken what was given.</summary>
    public void Dispose() => End();

    private void End()
    {
        lock (_gate)
        {
            _isComplete = true;
            Monitor.Pulse(_gate);
        }

        _thread.Join();
    }

    private void Run(Action<RecordBatch> analyse)
    {
        while (Next() is RecordBatch batch)
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
            lock (_gate)
            {
                _empty.Enqueue(batch);
                Monitor.Pulse(_gate);
            }
        }
    }

    private RecordBatch? Next()
    {
        lock (_gate)
        {
            while (_full.Count == 0 && !_isComplete)
            {
                Monitor.Wait(_gate);
            }

            return _full.TryDequeue(out RecordBatch? batch) ? batch : null;
        }
    }
}
