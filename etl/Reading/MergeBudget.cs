namespace Tracing.Etl.Reading;

/// <summary>What is left of the limits on merging while the streams of a file are laid out, over all its sessions.</summary>
internal sealed class MergeBudget(EtlLimits limits)
{
    private long _bytes = limits.MaximumMergeBytes;

    // The header buffer of the first session comes on top of the processors.
    private int _streams = limits.MaximumStreams + 1;

    /// <summary>Takes a stream if one more is allowed.</summary>
    public bool TryTakeStream()
    {
        if (_streams == 0)
        {
            return false;
        }

        _streams--;
        return true;
    }

    /// <summary>Gives back a stream that turned out to be empty.</summary>
    public void ReturnStream() => _streams++;

    /// <summary>Takes bytes of memory if they are left.</summary>
    public bool TryTakeBytes(int count)
    {
        if (count > _bytes)
        {
            return false;
        }

        _bytes -= count;
        return true;
    }
}
