using CsCheck;
using Tracing.Analysis;
using Tracing.Analyzer.Tests.Files;
using Tracing.Analyzer.Tests.Scripting;
using Tracing.Reports.Model;

namespace Tracing.Analyzer.Tests.Naive;

/// <summary>A recording of a random schedule: what was lost, or came after its end, is gone.</summary>
internal sealed record RandomRecording(int Seed, int Threads, int Mutexes, int Steps, int DropPercent, int CutPercent, bool LossInHeader)
{
    private const long TicksPerSecond = 1_000_000_000;

    public static Gen<RandomRecording> Cases { get; } =
        from seed in Gen.Int
        from threads in Gen.Int[1, 12]
        from mutexes in Gen.Int[1, 6]
        from steps in Gen.Int[1, 400]
        from dropPercent in Gen.Frequency((2, Gen.Const(0)), (3, Gen.Int[1, 60]))
        from cutPercent in Gen.Frequency((2, Gen.Const(100)), (1, Gen.Int[20, 100]))
        from header in Gen.Bool
        select new RandomRecording(seed, threads, mutexes, steps, dropPercent, cutPercent, header);

    /// <summary>Recordings, without losses, in which many more threads wait for a mutex at a time than are told apart one by one.</summary>
    public static Gen<RandomRecording> Crowds { get; } =
        from seed in Gen.Int
        from threads in Gen.Int[90, 140]
        from mutexes in Gen.Int[1, 2]
        from steps in Gen.Int[2000, 3000]
        select new RandomRecording(seed, threads, mutexes, steps, 0, 100, false);

    /// <summary>What its header says.</summary>
    public RecordingFacts Facts => LossInHeader ? Script.Lossy : Script.Complete;

    /// <summary>The process of a thread.</summary>
    public static int ProcessOf(int thread) => 4 * (1 + (thread % 3));

    /// <summary>Whether only a recording with the keyword Lock has it.</summary>
    public static bool IsLockEvent(LockEvent one) => one is { Kind: LockEventKind.Released or LockEventKind.Acquired, Contended: false };

    /// <summary>The deadlocks of its schedule, lost or not.</summary>
    public IEnumerable<TrueDeadlock> Deadlocks() => Play(Script.Start).Deadlocks;

    /// <summary>All events of its schedule, also those from before the recording.</summary>
    public List<LockEvent> AllEvents() => [.. Play(Script.Start).AllEvents];

    /// <summary>The events in it.</summary>
    /// <param name="start">When it begins, in ticks.</param>
    public List<LockEvent> Recorded(long start = Script.Start)
    {
        List<LockEvent> events = [.. Play(start).Events];
        var random = new Random(Seed);
        return [.. events.Take(Math.Max(1, events.Count * CutPercent / 100)).Where(_ => random.Next(100) >= DropPercent)];
    }

    /// <summary>Tells an analysis of the events.</summary>
    public static LockReport Analyze(List<LockEvent> events, RecordingFacts facts, Func<TraceTime, ILockObserver>? observe = null)
    {
        var time = new TraceTime(Script.Start, TicksPerSecond, sameClock: true);
        var analysis = new TraceAnalysis(time, TicksPerSecond) { Observer = observe?.Invoke(time) };
        foreach (LockEvent one in events)
        {
            var origin = new EventOrigin(one.Time, one.Thread, 0, ProcessOf(one.Thread));
            analysis.PassDriverEvent(origin, one.At);
            switch (one.Kind)
            {
                case LockEventKind.Allocated:
                    analysis.Allocated(new MutexDescription(one.Mutex, 1, 0, 64, 0, one.At, ""), origin);
                    break;
                case LockEventKind.Blocked:
                    analysis.Blocked(new BlockedEvent(one.Mutex, one.RequestedAt, one.Site, (uint)one.Owner, one.OwnerSequence), origin);
                    break;
                case LockEventKind.Acquired:
                    analysis.Acquired(new AcquiredEvent(one.Mutex, one.Sequence, one.Depth, one.RequestedAt, one.At, one.Contended, one.Site), origin);
                    break;
                case LockEventKind.Released:
                    analysis.Released(new ReleasedEvent(one.Mutex, one.Sequence, one.Depth, one.HeldSince, one.At, one.Site), one.Contended, origin);
                    break;
                case LockEventKind.Failed:
                    analysis.AcquireFailed(new FailedEvent(one.Mutex, one.RequestedAt, one.At, one.Site), origin);
                    break;
                case LockEventKind.Freed:
                    analysis.Freed(new FreedEvent(one.Mutex, one.Counters), origin);
                    break;
            }
        }

        return analysis.Finish(facts);
    }

    /// <summary>A file with the events.</summary>
    public static TraceBuilder Write(List<LockEvent> events)
    {
        var trace = new TraceBuilder();
        foreach (LockEvent one in events)
        {
            _ = one.Kind switch
            {
                LockEventKind.Allocated => trace.Allocated(one.Time, one.Mutex, $"M{one.Mutex}"),
                LockEventKind.Blocked => trace.Blocked(one.Time, one.Thread, one.Mutex, one.RequestedAt, one.Site, one.Owner, one.OwnerSequence),
                LockEventKind.Acquired => trace.Acquired(
                    one.Time, one.Thread, one.Mutex, one.Sequence, one.At, one.Contended ? one.RequestedAt : null, (ushort)one.Depth, one.Site),
                LockEventKind.Failed => trace.Failed(one.Time, one.Thread, one.Mutex, one.RequestedAt, one.At, one.Site),
                LockEventKind.Released => trace.Released(one.Time, one.Thread, one.Mutex, one.Sequence, one.HeldSince, one.At, (ushort)one.Depth, site: one.Site),
                LockEventKind.Freed => trace.Freed(
                    one.Time, one.Mutex, one.Counters.Acquires, one.Counters.Contended, 0, one.Counters.WaitTotal, one.Counters.WaitMax, one.Counters.TimedHolds,
                    one.Counters.HoldTotal, one.Counters.HoldMax),
                _ => throw new InvalidOperationException($"An event of kind {one.Kind}"),
            };
        }

        return trace;
    }

    private Schedule Play(long start) => Schedule.Make(Seed, Threads, Mutexes, Steps, start);
}
