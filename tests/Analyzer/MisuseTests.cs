using Tracing.Analyzer.Tests.Scripting;
using Tracing.Reports.Model;

namespace Tracing.Analyzer.Tests;

/// <summary>Misuse that the driver saw, by kind, site and mutex.</summary>
public sealed class MisuseTests
{
    [Fact]
    public void Misuse_is_grouped_by_kind_site_and_mutex_and_leads_the_verdict()
    {
        LockReport report = Script.Run("""
            t=1005 T1 site id=3 line=20 file=Queue.cs member=Drain
            t=1010 T1 alloc m1 label=Queue
            t=1100 T1 misuse m1 kind=1 site=3
            t=1150 T2 misuse m1 kind=1 site=3
            t=1300 T2 misuse m1 kind=3 site=3
            """);

        Assert.Equal(
            [("DoubleRelease", "Queue.cs:20", "Queue", 2L, 100L, 1), ("FreeWhileHeld", "Queue.cs:20", "Queue", 1L, 300L, 2)],
            report.Misuses.Select(row => (row.Kind, row.Site!.Short, row.Mutex, row.Count, row.FirstNs, row.ThreadId)));
        Assert.Equal(("Queue.cs:20", 3), Assert.Single(report.BySite) is var site ? (site.Name, site.Misuses) : default);
        Assert.Equal([(1, 1), (2, 2)], report.ByThread.Select(row => (row.ThreadId!.Value, row.Misuses)));
        Assert.Equal("Queue was misused 2 times at Queue.cs:20: DoubleRelease, first by thread 1.", report.Findings[0].Sentence);
        Assert.Equal(FindingSeverity.Error, report.Findings[0].Severity);
    }
}
