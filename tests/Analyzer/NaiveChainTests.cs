using CsCheck;
using Tracing.Analyzer.Tests.Naive;
using Tracing.Analyzer.Tests.Scripting;
using Tracing.Reports.Model;

namespace Tracing.Analyzer.Tests;

/// <summary>Critical paths and blocking chains, against a search through all waits for each step: exactly, over random schedules.</summary>
public sealed class NaiveChainTests
{
    private const int MostShown = 20;
    private const int MostKept = 64;

    [Fact]
    public void Both_agree_on_every_step_of_every_chain() => RandomRecording.Cases.Sample(Compare, iter: 3000);

    [Fact]
    public void In_a_crowd_both_agree_too() => RandomRecording.Crowds.Sample(Compare, iter: 30);

    private static void Compare(RandomRecording test)
    {
        List<LockEvent> events = test.Recorded();
        BlameSummary blame = RandomRecording.Analyze(events, test.Facts).Blame;
        List<NaiveLink>[] slowest = [.. new NaiveChains(events, Script.Start, test.Facts.IsComplete).All.Take(MostKept)];

        Assert.Equal(slowest.Take(MostShown).Select(Words), blame.SlowestWaits.Select(Words));
        Assert.Equal(
            slowest.Where(chain => chain.Count > 1).OrderByDescending(chain => chain.Count).Take(MostShown).Select(Words), blame.LongestChains.Select(Words));
    }

    private static string Words(List<NaiveLink> chain) => $"{chain[0].From - Script.Start}:" + string.Concat(chain.Select(link =>
        $" T{link.Waiter}@{link.WaiterSite} waits {link.Ticks} for m{link.Mutex}, {link.Blamed} of it for {(link.Holder is int holder ? $"T{holder}@{link.HolderSite}" : "nobody")}"));

    private static string Words(BlockingChain chain) => $"{chain.StartNs}:" + string.Concat(chain.Links.Select(link =>
        $" T{link.WaiterThreadId}@{Number(link.WaiterSite)} waits {link.WaitNs} for m{link.MutexId}, {link.BlamedNs} of it for "
        + (link.HolderThreadId is int holder ? $"T{holder}@{Number(link.HolderSite)}" : "nobody")));

    private static string Number(SourceSite? site) => site?.Member["site ".Length..] ?? "0";
}
