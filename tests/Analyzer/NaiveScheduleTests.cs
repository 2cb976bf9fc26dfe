using CsCheck;
using Tracing.Analysis;
using Tracing.Analysis.Reading;
using Tracing.Analysis.Scheduling;
using Tracing.Analyzer.Tests.Scripting;
using ThreadState = Tracing.Etl.Kernel.ThreadState;

namespace Tracing.Analyzer.Tests;

/// <summary>What holders did, against a table of what each thread does at each tick: exactly, over random schedules.</summary>
public sealed class NaiveScheduleTests
{
    private const int Threads = 3;
    private const int Processors = 2;
    private const int TicksPerStep = 3;

    private static readonly Gen<(int Kind, int Processor, int Thread, int Ticks)[]> Steps =
        Gen.Select(Gen.Int[0, 6], Gen.Int[0, Processors - 1], Gen.Int[1, Threads], Gen.Int[0, 20]).Array[1, 400];

    /// <summary>Holds are few, so that each is long and has hundreds of switches in it.</summary>
    private static readonly Gen<(int Kind, int Processor, int Thread, int Ticks)[]> StepsOfLongHolds =
        Gen.Select(Gen.Frequency((100, Gen.Int[0, 4]), (1, Gen.Int[5, 6])), Gen.Int[0, Processors - 1], Gen.Int[1, Threads], Gen.Int[0, 20]).Array[500, 3000];

    [Fact]
    public void Both_agree_on_every_tick_of_every_hold() => Steps.Sample(steps => Compare(steps, cutAt: -1));

    [Fact]
    public void Both_agree_on_long_holds_with_many_switches() => StepsOfLongHolds.Sample(steps => Compare(steps, cutAt: -1));

    /// <summary>What was learned of threads before a part counts in it; holds that began before it are cut, and not divided.</summary>
    [Fact]
    public void Both_agree_on_a_part_of_the_recording() => Gen.Select(Steps, Gen.Int[0, 399]).Sample((steps, cutAt) => Compare(steps, cutAt));

    private static void Compare((int Kind, int Processor, int Thread, int Ticks)[] steps, int cutAt)
    {
        var machine = new Machine(steps.Length);
        for (int i = 0; i < steps.Length; i++)
        {
            if (i == cutAt)
            {
                machine.BeginPart();
            }

            machine.Step(steps[i].Kind, steps[i].Processor, steps[i].Thread, steps[i].Ticks);
        }

        Assert.Equal(machine.Expected(), machine.Analysis.Finish(Script.Complete).HoldBreakdowns
            .ToDictionary(row => row.Site!.Member, row => (row.Holds, row.RunningNs, row.ReadyNs, row.WaitingNs, row.InterruptedNs, row.UnknownNs)));
    }

    /// <summary>Processors that switch between threads, and keep a table of it.</summary>
    private sealed class Machine(int steps)
    {
        private readonly ThreadActivity[,] _table = new ThreadActivity[Threads + 1, Script.Start + ((steps + 1) * TicksPerStep)];
        private readonly ThreadActivity[] _now = new ThreadActivity[Threads + 1];
        private readonly int[] _running = new int[Processors];
        private readonly long[] _undisturbedSince = new long[Threads + 1];
        private readonly List<(int Thread, ulong Mutex, long From)> _open = [];
        private readonly List<(int Thread, long From, long To)> _holds = [];
        private bool _isInformed;
        private ulong _mutexes;
        private long _time = Script.Start;

        private long _start = Script.Start;

        public TraceAnalysis Analysis { get; private set; } = new(new TraceTime(Script.Start, 1_000_000_000, sameClock: true), 1_000_000_000);

        /// <summary>From now on a part of the recording is looked at.</summary>
        public void BeginPart()
        {
            TraceAnalysis before = Analysis;
            _start = _time;
            _holds.Clear();
            Analysis = new TraceAnalysis(new TraceTime(_time, 1_000_000_000, sameClock: true), 1_000_000_000) { LockEventsRecorded = true };
            WindowOpening.Open(before, Analysis);
        }

        public void Step(int kind, int processor, int thread, int ticks)
        {
            for (int i = 0; i < TicksPerStep; i++, _time++)
            {
                for (int each = 1; each <= Threads; each++)
                {
                    _table[each, _time] = _now[each];
                }
            }

            Analysis.Pass(_time);
            switch (kind)
            {
                case 0 or 1:
                    Switch(processor, Array.IndexOf(_running, thread) < 0 ? thread : 0, kind == 0 ? ThreadState.Ready : ThreadState.Waiting);
                    break;
                case 2:
                    MakeReady(thread);
                    break;
                case 3 or 4:
                    Interrupt(processor, _time - ticks);
                    break;
                case 5:
                    Acquire(thread, Math.Max(Script.Start, _time - (ticks / 2)));
                    break;
                default:
                    Release(ticks / 2);
                    break;
            }
        }

        public Dictionary<string, (long Holds, long Running, long Ready, long Waiting, long Interrupted, long Unknown)> Expected() =>
            _holds.GroupBy(hold => hold.Thread).ToDictionary(same => $"site {same.Key}", same =>
            {
                ThreadActivity[] ticks = [.. same.SelectMany(hold => Enumerable.Range((int)hold.From, (int)(hold.To - hold.From)).Select(tick => _table[hold.Thread, tick]))];
                return ((long)same.Count(), Count(ThreadActivity.Running), Count(ThreadActivity.Ready), Count(ThreadActivity.Waiting), Count(ThreadActivity.Interrupted), Count(ThreadActivity.Unknown));

                long Count(ThreadActivity activity) => ticks.LongCount(tick => tick == activity);
            });

        private void Switch(int processor, int thread, ThreadState oldState)
        {
            int old = _running[processor];
            _isInformed = true;
            Analysis.Scheduled(new SchedulingEvent(SchedulingEventKind.Switch, _time, processor, thread, old, oldState, 0));
            _now[old] = oldState == ThreadState.Ready ? ThreadActivity.Ready : ThreadActivity.Waiting;
            _now[thread] = ThreadActivity.Running;
            _undisturbedSince[thread] = _time;
            _running[processor] = thread;
        }

        private void MakeReady(int thread)
        {
            Analysis.Scheduled(new SchedulingEvent(SchedulingEventKind.Ready, _time, 0, thread, 0, default, 0));
            _now[thread] = _now[thread] == ThreadActivity.Running ? ThreadActivity.Running : ThreadActivity.Ready;
        }

        private void Interrupt(int processor, long since)
        {
            // A thread writes no event while it is interrupted.
            int thread = _running[processor];
            since = Math.Max(since, _undisturbedSince[thread]);
            Analysis.Scheduled(new SchedulingEvent(SchedulingEventKind.Interrupt, _time, processor, 0, 0, default, since));
            for (long tick = since; tick < _time; tick++)
            {
                _table[thread, tick] = ThreadActivity.Interrupted;
            }
        }

        private void Acquire(int thread, long at)
        {
            _mutexes++;
            _open.Add((thread, _mutexes, at));
            Analysis.Acquired(new AcquiredEvent(_mutexes, 1, 1, (ulong)at, (ulong)at, false, (uint)thread), new EventOrigin(_time, thread, 0));
            _undisturbedSince[thread] = _time;
        }

        private void Release(int ago)
        {
            if (_open.Count == 0)
            {
                return;
            }

            (int thread, ulong mutex, long from) = _open[0];
            _open.RemoveAt(0);
            long to = Math.Max(from, _time - ago);
            Analysis.Released(new ReleasedEvent(mutex, 1, 1, (ulong)from, (ulong)to, (uint)thread), false, new EventOrigin(_time, thread, 0));
            _undisturbedSince[thread] = _time;
            if (_isInformed && from >= _start)
            {
                _holds.Add((thread, from, to));
            }
        }
    }
}
