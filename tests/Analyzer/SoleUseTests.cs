using System.Runtime.CompilerServices;
using System.Text;
using CsCheck;
using Tracing.Analysis;
using Tracing.Analysis.Mutexes;
using Tracing.Analyzer.Tests.Scripting;
using Tracing.Reports.Data;
using Tracing.Reports.Model;

namespace Tracing.Analyzer.Tests;

/// <summary>A mutex that was used once has no account until something asks for one: nobody can tell by the report.</summary>
public sealed class SoleUseTests
{
    private const long OneTickPerNanosecond = 1_000_000_000;

    /// <summary>Of few mutexes, threads, sites and numbers, so that events fit each other often, and contradict each other as often.</summary>
    private static readonly Gen<Step> Steps =
        from verb in Gen.Frequency((4, Gen.Const(Verb.Acquire)), (4, Gen.Const(Verb.Release)), (2, Gen.Const(Verb.Allocate)), (2, Gen.Const(Verb.Free)), (3, Gen.Enum<Verb>()))
        from mutex in Gen.Frequency((5, Gen.Const(1UL)), (1, Gen.Const(2UL)))
        from thread in Gen.Int[1, 2]
        from site in Gen.Frequency((4, Gen.Const(1u)), (1, Gen.UInt[0, 2]))
        from sequence in Gen.Frequency((4, Gen.Const(1UL)), (2, Gen.ULong[0, 3]), (1, Gen.Const(1UL << 50)))
        from depth in Gen.Frequency((6, Gen.Const(1)), (1, Gen.Int[0, 2]))
        from late in Gen.Frequency((4, Gen.Const(0UL)), (1, Gen.ULong[0, 20]), (1, Gen.Const(500UL)))
        from flags in Gen.Frequency((3, Gen.Const((byte)0)), (1, Gen.Byte[0, 31]))
        from fits in Gen.Frequency((5, Gen.Const(true)), (1, Gen.Const(false)))
        from pass in Gen.Long[0, 10]
        select new Step(verb, mutex, thread, site, sequence, depth, late, flags, fits, pass);

    [Fact]
    public void An_account_that_is_opened_late_tells_what_one_tells_that_was_opened_at_once() =>
        Gen.Select(Steps.Array[1, 12], Gen.Bool).Sample((steps, isComplete) => Assert.Equal(Report(steps, isComplete, opensAtOnce: true), Report(steps, isComplete, opensAtOnce: false)), iter: 4_000);

    [Fact]
    public void Rows_are_the_same_whenever_they_are_looked_at()
    {
        LockReport report = Script.Run("""
            t=1001 T1 site id=3 line=1 file=Old.cs member=Open
            t=1010 T1 alloc m3 site=3
            t=1020 T1 alloc m1 site=3
            t=1100 T1 acquire m3 seq=1
            t=1110 T1 release m3 seq=1 acq=1100
            t=1140 T1 acquire m2 seq=1
            t=1145 T2 block m2 req=1145
            t=1150 T1 release m2 seq=1 acq=1140
            t=1150 T2 acquire m2 seq=2 req=1145 waited
            t=1160 T2 release m2 seq=2 acq=1150
            t=1190 T1 stopped live=2
            t=1200 T1 started
            t=1201 T1 site id=3 line=2 file=New.cs member=Open
            t=1205 T1 alloc m1 site=3
            t=1210 T1 acquire m1 seq=1
            t=1240 T1 release m1 seq=1 acq=1210
            """);

        string[] expected = ["1 Old.cs:1 0", "2  20", "3 Old.cs:1 10", "1 New.cs:2 30"];
        Assert.Equal(expected, report.Mutexes.Select(Text));
        Assert.Equal(expected, Enumerable.Range(0, report.Mutexes.Count).Select(i => Text(report.Mutexes[i])));

        static string Text(MutexRow row) => $"{row.Id} {row.Site?.Short} {row.Hold.TotalNs}";
    }

    private static string Report(Step[] steps, bool isComplete, bool opensAtOnce)
    {
        var analysis = new TraceAnalysis(new TraceTime(Script.Start, OneTickPerNanosecond, sameClock: true), OneTickPerNanosecond);
        ulong[] acquiredAt = new ulong[3];
        long now = Script.Start + 100;
        foreach (Step step in steps)
        {
            now += step.Pass;
            ulong at = (ulong)now - Math.Min(step.Late, 20);
            ulong begin = step.Fits ? at : at - step.Late;
            var origin = new EventOrigin(now, step.Thread, 0);
            analysis.PassDriverEvent(origin, at);
            ulong held = at - Math.Min(at, acquiredAt[step.Mutex]);
            switch (step.Verb)
            {
                case Verb.Allocate:
                    analysis.Allocated(new MutexDescription(step.Mutex, 1, 0, 64, step.Site, at, ""), origin);
                    break;
                case Verb.Acquire:
                    analysis.Acquired(new AcquiredEvent(step.Mutex, step.Sequence, step.Depth, begin, at, false, step.Site, step.Flags), origin);
                    acquiredAt[step.Mutex] = at;
                    break;
                case Verb.AcquireAfterWait:
                    analysis.Acquired(new AcquiredEvent(step.Mutex, step.Sequence, step.Depth, at - step.Late, at, true, step.Site), origin);
                    acquiredAt[step.Mutex] = at;
                    break;
                case Verb.Release:
                    analysis.Released(new ReleasedEvent(step.Mutex, step.Sequence, step.Depth, step.Fits ? acquiredAt[step.Mutex] : at - step.Late, at, step.Site), false, origin);
                    break;
                case Verb.Free:
                    analysis.Freed(new FreedEvent(step.Mutex, step.Fits ? new MutexCounters(1, 0, 0, 0, 0, 1, held, held) : default), origin);
                    break;
                case Verb.RunDown:
                    analysis.State(new StateEvent(1, new MutexDescription(step.Mutex, 1, 0, 64, step.Site, 0, ""), new MutexCounters(step.Sequence, 0, 0, 0, 0, 0, 0, 0), step.Fits ? 1u : 0, 1, at));
                    break;
                case Verb.Block:
                    analysis.Blocked(new BlockedEvent(step.Mutex, at, step.Site), origin);
                    break;
                case Verb.Reject:
                    analysis.IrqlRejected(new RejectedEvent(step.Mutex, 2, 2, 1, step.Site, at), origin);
                    break;
            }

            foreach (MutexLedger mutex in analysis.Loads[0].Mutexes.Where(mutex => opensAtOnce && !mutex.HasAccount))
            {
                _ = OpenAccount(mutex);
            }
        }

        LockReport report = analysis.Finish(isComplete ? Script.Complete : Script.Lossy);
        using var json = new MemoryStream();
        JsonReport.Write(report, json);
        return Encoding.UTF8.GetString(json.ToArray()) + string.Join('\n', report.FastMutexCandidates);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    private static extern MutexAccount OpenAccount(MutexLedger mutex);

    private enum Verb
    {
        Allocate,
        Acquire,
        AcquireAfterWait,
        Release,
        Free,
        RunDown,
        Block,
        Reject,
    }

    private sealed record Step(Verb Verb, ulong Mutex, int Thread, uint Site, ulong Sequence, int Depth, ulong Late, byte Flags, bool Fits, long Pass);
}
