using CsCheck;
using Tracing.Analyzer.Tests.Naive;
using Tracing.Analyzer.Tests.Scripting;
using Tracing.Reports.Model;

namespace Tracing.Analyzer.Tests;

/// <summary>The search for possible deadlocks over random lock programs whose answer is known.</summary>
public sealed class LockProgramTests
{
    private static readonly Gen<Transaction> Transactions =
        from thread in Gen.Int[1, 4]
        from locks in Gen.Int[1, 5].List[1, 4]
        select new Transaction(thread, locks);

    private static readonly Gen<List<Transaction>> Programs = Transactions.List[1, 8];

    [Fact]
    public void It_finds_the_smallest_sets_of_locks_that_can_deadlock_and_no_other() => Programs.Sample(
        transactions =>
        {
            var program = new LockProgram(transactions);
            Assert.Equal(
                program.Deadlocks().Select(Text).Order(StringComparer.Ordinal),
                Script.Run(program.Script()).PossibleDeadlocks.Select(possible => Text(possible.Orders.Select(order => int.Parse(order.Held[1..]))))
                    .Order(StringComparer.Ordinal));
        },
        iter: 3000);

    [Fact]
    public void Programs_that_follow_one_order_cannot_deadlock() => Programs.Sample(
        transactions => Assert.Empty(Report(transactions.Select(one => one with { Locks = [.. one.Locks.Order()] })).PossibleDeadlocks),
        iter: 1000);

    [Fact]
    public void Programs_that_take_one_gate_first_cannot_deadlock() => Programs.Sample(
        transactions => Assert.Empty(Report(transactions.Select(one => one with { Locks = [9, .. one.Locks] })).PossibleDeadlocks),
        iter: 1000);

    [Fact]
    public void One_thread_cannot_deadlock() => Programs.Sample(
        transactions => Assert.Empty(Report(transactions.Select(one => one with { Thread = 1 })).PossibleDeadlocks),
        iter: 1000);

    [Fact]
    public void A_ring_of_many_locks_is_found()
    {
        const int Locks = 60;
        PossibleDeadlock ring = Assert.Single(Report(Enumerable.Range(1, Locks).Select(i => new Transaction(i, [i, (i % Locks) + 1]))).PossibleDeadlocks);
        Assert.Equal(Locks, ring.Orders.Count);
    }

    [Fact]
    public void A_search_too_large_ends_and_says_so()
    {
        // Every pair in both orders by one thread: exponentially many rings, and none of them can be given threads of its own.
        IEnumerable<Transaction> tangle =
            from a in Enumerable.Range(1, 40)
            from b in Enumerable.Range(1, 40)
            where a != b
            select new Transaction(1, [a, b]);

        LockReport report = Report(tangle);
        Assert.Empty(report.PossibleDeadlocks);
        Assert.True(report.PossibleDeadlocksIncomplete);
    }

    private static LockReport Report(IEnumerable<Transaction> transactions) => Script.Run(new LockProgram([.. transactions]).Script());

    private static string Text(IEnumerable<int> locks) => string.Join(' ', locks.Order());
}
