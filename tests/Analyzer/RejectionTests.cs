using Tracing.Analyzer.Tests.Scripting;
using Tracing.Reports.Model;

namespace Tracing.Analyzer.Tests;

/// <summary>IRQL rejections by operation, IRQL, site and mutex.</summary>
public sealed class RejectionTests
{
    [Fact]
    public void Rejections_are_grouped_by_cause_and_counted_per_mutex()
    {
        LockReport report = Script.Run("""
            t=1005 T1 site id=3 line=20 file=Dpc.cs member=OnDpc
            t=1010 T1 alloc m1 label=Queue
            t=1100 T1 reject m1 irql=2 max=1 site=3
            t=1200 T1 reject m1 irql=2 max=1 site=3
            t=1300 T1 reject m1 op=4 irql=3 max=2 site=3
            t=1400 T1 reject m0 op=1 irql=3 max=2 site=3
            """);

        Assert.Equal(3, report.IrqlRejections.Count);
        IrqlRejectionRow worst = report.IrqlRejections[0];
        Assert.Equal("Lock", worst.Operation);
        Assert.Equal(2, worst.Irql);
        Assert.Equal(1, worst.MaximumIrql);
        Assert.Equal("Dpc.cs:20", worst.Site!.Short);
        Assert.Equal("Queue", worst.MutexLabel);
        Assert.Equal(2, worst.Count);
        Assert.Equal(100, worst.FirstNs);
        Assert.Equal(200, worst.LastNs);
        Assert.Equal(3, Assert.Single(report.Mutexes).IrqlRejections);
        Assert.Contains(report.IrqlRejections, row => row is { Operation: "New", MutexId: 0, Mutex: "", Count: 1 });
        Assert.Contains("Lock on Queue was refused 2 times at Dpc.cs:20: called at DISPATCH_LEVEL (2), legal up to APC_LEVEL (1)", report.Findings[0].Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refused_call_is_retried_when_the_same_thread_acquires_the_same_mutex_next()
    {
        LockReport report = Script.Run("""
            t=1100 T1 reject m1 irql=2 max=1 site=3
            t=1110 T1 reject m1 irql=2 max=1 site=3
            t=1120 T2 acquire m1 seq=1
            t=1130 T2 release m1 seq=1 acq=1120
            t=1140 T1 acquire m2 seq=1
            t=1150 T1 acquire m1 seq=2
            t=1160 T1 release m1 seq=2 acq=1150
            t=1170 T1 acquire m1 seq=3
            t=1200 T2 reject m1 irql=2 max=1 site=4
            """);

        Assert.Equal([2L, 0L], report.IrqlRejections.Select(row => row.RetriedWithSuccess));
    }

    [Fact]
    public void A_light_recording_does_not_tell_whether_a_call_was_retried() =>
        Assert.Null(Script.Run("""
            t=1100 T1 reject m1 irql=2 max=1
            t=1110 T1 block m1 req=1110
            t=1120 T1 acquire m1 seq=1 req=1110 waited
            """).IrqlRejections[0].RetriedWithSuccess);

    [Fact]
    public void A_site_that_was_never_defined_is_shown_by_its_number()
    {
        LockReport report = Script.Run("t=1100 T1 reject m1 irql=2 max=1 site=3");

        Assert.Equal("site 3", Assert.Single(report.IrqlRejections).Site!.Short);
        Assert.Contains(report.Oddities, oddity => oddity is { Kind: "site-undefined", Count: 1 });
    }
}
