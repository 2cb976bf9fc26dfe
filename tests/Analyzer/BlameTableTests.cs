using CsCheck;
using Tracing.Analysis.Blame;

namespace Tracing.Analyzer.Tests;

/// <summary>Time by pairs, against a dictionary: what finds room is exact, and the rest is one sum.</summary>
public sealed class BlameTableTests
{
    [Fact]
    public void Pairs_up_to_the_budget_are_exact_and_the_time_of_all_others_is_kept_as_one_sum() =>
        Gen.Select(Gen.Select(Gen.Int[-2, 12], Gen.Int[0, 12], Gen.ULong[0, 50], Gen.Long[1, 3]).Array[0, 300], Gen.Int[0, 60]).Sample((pieces, room) =>
        {
            var table = new BlameTable(new PairBudget(room));
            Dictionary<(int, int), (UInt128 Ticks, long Parts)> expected = [];
            UInt128 other = 0;
            foreach ((int holder, int waiter, ulong ticks, long parts) in pieces.Where(piece => piece.Item3 > 0))
            {
                if (expected.Count == room && !expected.ContainsKey((holder, waiter)))
                {
                    other += ticks;
                    continue;
                }

                (UInt128 Ticks, long Parts) sum = expected.GetValueOrDefault((holder, waiter));
                expected[(holder, waiter)] = (sum.Ticks + ticks, sum.Parts + parts);
            }

            foreach ((int holder, int waiter, ulong ticks, long parts) in pieces)
            {
                table.Add(holder, waiter, ticks, parts);
            }

            Assert.Equal(
                expected.Select(pair => (pair.Key, pair.Value)).OrderBy(pair => pair.Key),
                table.Rows.Select(row => ((row.Holder, row.Waiter), (row.Ticks, row.Parts))).OrderBy(pair => pair.Item1));
            Assert.Equal(other, table.Other);
        });

    [Fact]
    public void Tables_share_one_budget()
    {
        var budget = new PairBudget(1);
        BlameTable first = new(budget);
        BlameTable second = new(budget);
        first.Add(1, 2, 10);
        second.Add(1, 2, 10);

        Assert.Equal((1, 0), (first.Rows.Count(), second.Rows.Count()));
        Assert.Equal((UInt128.Zero, (UInt128)10), (first.Other, second.Other));
    }
}
