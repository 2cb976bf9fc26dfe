using Tracing.Analysis.Durations;
using Tracing.Reports.Model;

namespace Tracing.Analysis.Activity;

/// <summary>The blocks of one class of mutexes: counts and sums in ticks. They double in width by being added up in pairs.</summary>
internal sealed class ActivityTimeline
{
    public const int MostBlocks = 128;

    private readonly Block[] _blocks = new Block[MostBlocks];

    public void AddAcquire(int block, bool contended)
    {
        _blocks[block].Acquires++;
        _blocks[block].Contended += contended ? 1 : 0;
    }

    public void AddWait(int block, ulong ticks)
    {
        _blocks[block].Waits++;
        _blocks[block].WaitTicks += ticks;
    }

    public void AddWaiting(int block, ulong ticks) => _blocks[block].WaitingTicks += ticks;

    public void AddHold(int block, ulong ticks)
    {
        _blocks[block].Holds++;
        _blocks[block].HoldTicks += ticks;
    }

    /// <summary>Makes of each two blocks one.</summary>
    public void Widen()
    {
        for (int i = 0; i < MostBlocks / 2; i++)
        {
            Block sum = _blocks[2 * i];
            sum.Add(_blocks[(2 * i) + 1]);
            _blocks[i] = sum;
        }

        _blocks.AsSpan(MostBlocks / 2).Clear();
    }

    public void Merge(ActivityTimeline other)
    {
        for (int i = 0; i < MostBlocks; i++)
        {
            _blocks[i].Add(other._blocks[i]);
        }
    }

    /// <summary>The first blocks, in nanoseconds.</summary>
    public IReadOnlyList<ActivityBlock> Finish(int count, TickScale scale) =>
    [
        .. _blocks.Take(count).Select(block => new ActivityBlock(
            block.Acquires, block.Contended, block.Waits, scale.ToNanoseconds(block.WaitTicks), block.Holds, scale.ToNanoseconds(block.HoldTicks),
            scale.ToNanoseconds(block.WaitingTicks))),
    ];

    private struct Block
    {
        public long Acquires;
        public long Contended;
        public long Waits;
        public UInt128 WaitTicks;
        public long Holds;
        public UInt128 HoldTicks;
        public UInt128 WaitingTicks;

        public void Add(in Block other)
        {
            Acquires += other.Acquires;
            Contended += other.Contended;
            Waits += other.Waits;
            WaitTicks += other.WaitTicks;
            Holds += other.Holds;
            HoldTicks += other.HoldTicks;
            WaitingTicks += other.WaitingTicks;
        }
    }
}
