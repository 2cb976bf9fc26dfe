using CsCheck;
using Tracing.Analysis.Blame;

namespace Tracing.Analyzer.Tests;

/// <summary>What is searched for among the holds that are kept is what a look at each of them finds.</summary>
public sealed class HoldSearchTests
{
    // Close together, far apart, and at both ends of what a number can be.
    private static readonly Gen<ulong[]> Ascending = Gen.OneOf(Gen.ULong[0, 50], Gen.ULong[0, 1_000_000], Gen.ULong, Gen.Bool.Select(isGreatest => isGreatest ? ulong.MaxValue : 0))
        .Array[1, 200].Select(keys => (ulong[])[.. keys.Order()]);

    [Fact]
    public void The_last_hold_up_to_a_number_or_a_time() => Gen.Select(Ascending, Gen.ULong[0, 1_000_000], Gen.Int[0, 200]).Sample((keys, other, end) =>
    {
        HoldWindow window = default;
        foreach (ulong key in keys)
        {
            Assert.True(window.Insert(window.Count, new HoldEntry { Sequence = key, From = key }));
        }

        int before = Math.Min(end, keys.Length);
        foreach (ulong sought in (ulong[])[0, other, ulong.MaxValue, .. keys])
        {
            Assert.Equal(Array.FindLastIndex(keys, key => key <= sought), window.FindAtOrBefore(sought));
            Assert.Equal(Array.FindLastIndex(keys[..before], key => key <= sought), window.FindAcquiredBy(sought, before));
        }
    });

    [Fact]
    public void Holds_stay_in_order_while_the_ring_turns_and_grows() => Gen.Int[0, 3].Array[1, 300].Sample(steps =>
    {
        HoldWindow window = default;
        List<ulong> expected = [];
        for (int step = 0; step < steps.Length; step++)
        {
            Assert.True(window.Insert(window.Count, new HoldEntry { Sequence = (ulong)step }));
            expected.Add((ulong)step);
            if (steps[step] == 0)
            {
                window.RemoveFirst();
                expected.RemoveAt(0);
            }
        }

        Assert.Equal(expected, Enumerable.Range(0, window.Count).Select(i => window[i].Sequence));
    });

    [Fact]
    public void The_longest_hold_since_a_time_is_the_first_of_the_longest() => Gen.Int[1, 6].Array[0, 100].Sample(lengths =>
    {
        MainHold[] holds = [.. lengths.Select((length, i) => new MainHold(i, 0, (ulong)length, (ulong)(i * 10)))];
        var longest = new LongestHolds();
        for (int told = 0; told <= holds.Length; told++)
        {
            for (ulong time = 0; time <= (ulong)(told * 10); time += 5)
            {
                Assert.Equal(holds[..told].Where(hold => hold.From >= time).DefaultIfEmpty().MaxBy(hold => hold.Ticks), longest.Since(time));
            }

            if (told < holds.Length)
            {
                longest.Add(holds[told]);
            }
        }
    });

    [Fact]
    public void What_is_forgotten_is_not_asked_for_and_all_else_stays() =>
        Gen.Select(Gen.Int[1, 4], Gen.Int[0, 3], Gen.Int[0, 400]).Array[1, 300].Sample(
            steps =>
            {
                List<MainHold> holds = [];
                var longest = new LongestHolds();
                ulong forgotten = 0;
                foreach ((int length, int forget, int back) in steps)
                {
                    var hold = new MainHold(holds.Count, 0, (ulong)length, (ulong)(holds.Count * 10));
                    holds.Add(hold);
                    longest.Add(hold);
                    if (forget == 0)
                    {
                        forgotten = Math.Max(forgotten, hold.From > (ulong)back ? hold.From - (ulong)back : 0);
                        longest.Forget(forgotten);
                        Assert.True(longest.Count <= holds.Count(one => one.From >= forgotten));
                    }

                    ulong since = Math.Max(forgotten, hold.From > (ulong)back ? hold.From - (ulong)back : 0);
                    Assert.Equal(holds.Where(one => one.From >= since).DefaultIfEmpty().MaxBy(one => one.Ticks), longest.Since(since));
                }
            },
            iter: 200);
}
