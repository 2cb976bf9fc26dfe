using CsCheck;
using Tracing.Analysis.Blame;

namespace Tracing.Analyzer.Tests;

/// <summary>A crowd of waits, counted by site, comes to the same times as each wait charged by itself.</summary>
public sealed class CrowdTests
{
    private enum Step
    {
        Begin,
        End,
        Charge,
    }

    [Theory]
    [InlineData(6, 6)]
    [InlineData(60, 6)]
    [InlineData(30, 400)]
    public void Each_running_wait_gets_each_span(int waiterSites, int holderSites) =>
        Gen.Select(Gen.Frequency((5, Gen.Const(Step.Begin)), (4, Gen.Const(Step.End)), (6, Gen.Const(Step.Charge))), Gen.Int[0, waiterSites - 1], Gen.Int[-2, holderSites], Lengths)
            .Array[0, 2_000].Sample(
                steps =>
                {
                    BlameTable together = new(new PairBudget(int.MaxValue));
                    BlameTable oneByOne = new(new PairBudget(int.MaxValue));
                    var crowd = new Crowd(together);
                    List<int> running = [];
                    foreach ((Step step, int site, int holder, ulong ticks) in steps)
                    {
                        if (step == Step.Begin)
                        {
                            crowd.Begin(site);
                            running.Add(site);
                        }
                        else if (step == Step.Charge)
                        {
                            crowd.Charge(holder, ticks);
                            running.ForEach(waiter => oneByOne.Add(holder, waiter, ticks));
                        }
                        else if (running.Count > 0)
                        {
                            int ended = running[site % running.Count];
                            crowd.End(ended);
                            running.Remove(ended);
                        }
                    }

                    crowd.HandOver();
                    Assert.Equal(RowsOf(oneByOne), RowsOf(together));
                },
                iter: 50);

    // Beyond 2^32, too, where products no longer fit 64 bits.
    private static Gen<ulong> Lengths => Gen.OneOf(Gen.ULong[0, 100], Gen.ULong[uint.MaxValue - 1UL, uint.MaxValue + 1UL], Gen.ULong[0, ulong.MaxValue]);

    private static IEnumerable<(int, int, UInt128, long)> RowsOf(BlameTable table) =>
        table.Rows.Select(row => (row.Holder, row.Waiter, row.Ticks, row.Parts)).Order();
}
