using Tracing.Analyzer.Tests.Scripting;
using Tracing.Reports.Model;

namespace Tracing.Analyzer.Tests;

/// <summary>
/// Lock order: what was taken while what was held, and the contradictions in it that can become a deadlock.
/// </summary>
public sealed class LockOrderTests
{
    private const string Names = """
        t=1001 T1 site id=1 line=10 file=Disk.cs member=Read
        t=1001 T1 site id=2 line=20 file=Disk.cs member=Flush
        t=1001 T1 site id=3 line=30 file=Net.cs member=Send
        t=1002 T1 alloc m1 label=Disk
        t=1002 T1 alloc m2 label=Net
        t=1002 T1 alloc m3 label=Gate
        """;

    private const string DiskThenNet = """
        t=1100 T1 acquire m1 seq=1 site=1
        t=1110 T1 acquire m2 seq=1 site=3
        t=1120 T1 release m2 seq=1 acq=1110
        t=1130 T1 release m1 seq=1 acq=1100
        """;

    private const string NetThenGate = """
        t=1200 T2 acquire m2 seq=2
        t=1210 T2 acquire m3 seq=1
        t=1220 T2 release m3 seq=1 acq=1210
        t=1230 T2 release m2 seq=2 acq=1200
        """;

    private const string NetThenDisk = """
        t=1200 T2 acquire m2 seq=2 site=3
        t=1210 T2 acquire m1 seq=2 site=2
        t=1220 T2 release m1 seq=2 acq=1210
        t=1230 T2 release m2 seq=2 acq=1200
        """;

    [Fact]
    public void Two_threads_that_take_two_locks_in_opposite_orders_can_deadlock()
    {
        LockReport report = Run(DiskThenNet, NetThenDisk);

        PossibleDeadlock possible = Assert.Single(report.PossibleDeadlocks);
        Assert.Equal(
            [("Disk", "Disk.cs:10", "Net", "Net.cs:30", 1L, 1), ("Net", "Net.cs:30", "Disk", "Disk.cs:20", 1L, 2)],
            possible.Orders.Select(order => (order.Held, order.HeldSite!.Short, order.Taken, order.TakenSite!.Short, order.Count, Assert.Single(order.ThreadIds))));
        Assert.True(possible.SameMutexes);

        // T1 had both at 1110, T2 the first of its two at 1200.
        Assert.Equal(90, possible.NearestNs);
        Assert.Equal(100, possible.Orders[0].FirstNs);
    }

    [Fact]
    public void Every_order_is_in_the_graph_with_its_sites_threads_and_count()
    {
        LockReport report = Run(DiskThenNet, """
            t=1300 T4 acquire m1 seq=2 site=1
            t=1310 T4 acquire m2 seq=2 site=3
            t=1320 T4 release m2 seq=2 acq=1310
            t=1330 T4 acquire m2 seq=3 site=3
            t=1340 T4 release m1 seq=2 acq=1300
            t=1350 T4 release m2 seq=3 acq=1330
            """);

        LockOrder order = Assert.Single(report.LockOrders);
        Assert.Equal(("Disk", "Net", 3L), (order.Held, order.Taken, order.Count));
        Assert.Equal([1, 4], order.ThreadIds);
        Assert.Empty(order.Under);
        Assert.Empty(report.PossibleDeadlocks);
    }

    [Fact]
    public void One_thread_alone_cannot_deadlock() =>
        Assert.Empty(Run(DiskThenNet, NetThenDisk.Replace("T2", "T1", StringComparison.Ordinal)).PossibleDeadlocks);

    [Fact]
    public void A_lock_held_around_both_orders_keeps_them_apart()
    {
        LockReport report = Run(
            "t=1050 T1 acquire m3 seq=1", DiskThenNet, "t=1140 T1 release m3 seq=1 acq=1050",
            "t=1150 T2 acquire m3 seq=2", NetThenDisk, "t=1240 T2 release m3 seq=2 acq=1150");

        Assert.Empty(report.PossibleDeadlocks);
        Assert.Equal(["Gate"], report.LockOrders.Single(order => order.Held == "Disk").Under);
    }

    [Fact]
    public void A_lock_held_around_one_of_the_orders_only_keeps_nothing_apart() =>
        Assert.Single(Run("t=1050 T1 acquire m3 seq=1", DiskThenNet, "t=1140 T1 release m3 seq=1 acq=1050", NetThenDisk).PossibleDeadlocks);

    [Fact]
    public void Two_gates_of_one_class_do_not_guard_the_same_two_locks() =>
        Assert.Single(Run(
            "t=1003 T1 alloc m4 label=Gate",
            "t=1050 T1 acquire m3 seq=1", DiskThenNet, "t=1140 T1 release m3 seq=1 acq=1050",
            "t=1150 T2 acquire m4 seq=1", NetThenDisk, "t=1240 T2 release m4 seq=1 acq=1150").PossibleDeadlocks);

    [Fact]
    public void An_acquire_that_does_not_wait_is_no_order() =>
        Assert.Empty(Run(DiskThenNet, NetThenDisk.Replace("m1 seq=2 site=2", "m1 seq=2 site=2 try", StringComparison.Ordinal)).PossibleDeadlocks);

    /// <summary>T1 has had the gate since before the recording, as its release shows; T2 takes it before it takes the others the other way round.</summary>
    [Theory]
    [InlineData("t=1140 T1 release m3 seq=7 acq=900", 0)]
    [InlineData("t=1140 T1 release m3 seq=7", 0)]
    [InlineData("t=1140 T3 release m3 seq=7 acq=900", 1)]
    [InlineData("t=1140 T1 release m3 seq=7 acq=900\nt=1141 T1 acquire m1 seq=3 site=1\nt=1142 T1 acquire m2 seq=4 site=3\nt=1143 T1 release m2 seq=4 acq=1142\nt=1144 T1 release m1 seq=3 acq=1141", 1)]
    [InlineData("t=1133 T3 acquire m1 seq=3 site=1\nt=1134 T3 acquire m2 seq=4 site=3\nt=1140 T1 release m3 seq=7 acq=900\nt=1143 T3 release m2 seq=4 acq=1134\nt=1144 T3 release m1 seq=3 acq=1133", 1)]
    public void A_gate_that_was_taken_before_the_recording_guards_too(string released, int found) =>
        Assert.Equal(found, Run(
            DiskThenNet, released, "t=1150 T2 acquire m3 seq=8", NetThenDisk.Replace("m2 seq=2", "m2 seq=5", StringComparison.Ordinal).Replace("m1 seq=2", "m1 seq=6", StringComparison.Ordinal),
            "t=1240 T2 release m3 seq=8 acq=1150").PossibleDeadlocks.Count);

    /// <summary>T1 had the gate, and says so late; it came nearest to what T2 does under the gate. T3 had it not.</summary>
    [Fact]
    public void The_two_that_came_nearest_are_named_only_if_they_can_meet()
    {
        PossibleDeadlock possible = Assert.Single(Run(
            "t=1010 T3 acquire m1 seq=1", "t=1011 T3 acquire m2 seq=1", "t=1012 T3 release m2 seq=1 acq=1011", "t=1013 T3 release m1 seq=1 acq=1010",
            DiskThenNet.Replace("seq=1", "seq=2", StringComparison.Ordinal),
            "t=1150 T2 acquire m3 seq=8",
            NetThenDisk.Replace("m2 seq=2", "m2 seq=3", StringComparison.Ordinal).Replace("m1 seq=2", "m1 seq=3", StringComparison.Ordinal),
            "t=1240 T2 release m3 seq=8 acq=1150", "t=1250 T1 release m3 seq=7 at=1140").PossibleDeadlocks);

        Assert.Equal([3, 2], possible.Orders.Select(order => Assert.Single(order.ThreadIds)));
        Assert.Null(possible.NearestNs);
    }

    [Theory]
    [InlineData("t=1115 T1 release m3 seq=7", 0)]
    [InlineData("t=1105 T1 release m3 seq=7", 1)]
    public void As_long_as_it_is_held(string released, int found) =>
        Assert.Equal(found, Run(
            string.Join('\n', DiskThenNet.Split('\n').Append(released).Order(StringComparer.Ordinal)), "t=1150 T2 acquire m3 seq=8", NetThenDisk,
            "t=1240 T2 release m3 seq=8 acq=1150").PossibleDeadlocks.Count);

    /// <summary>A lock held around both, of which there is no event, would keep the two from meeting.</summary>
    [Fact]
    public void Where_acquires_are_missing_it_is_not_certain()
    {
        string script = $"{DiskThenNet}\n{NetThenDisk}";
        Assert.True(Assert.Single(Run(script).PossibleDeadlocks).IsCertain);
        Assert.Contains(Run(script).Findings, finding => finding is { Kind: "possible-deadlock", Severity: FindingSeverity.Error });

        LockReport lossy = Script.Run(script, Script.Lossy);
        Assert.False(Assert.Single(lossy.PossibleDeadlocks).IsCertain);
        Assert.Contains(lossy.Findings, finding => finding is { Kind: "possible-deadlock", Severity: FindingSeverity.Warning });
    }

    [Fact]
    public void A_light_recording_has_no_acquire_that_did_not_wait()
    {
        LockReport light = Script.Run("""
            t=1050 T1 alloc m1 label=Disk
            t=1050 T1 alloc m2 label=Net
            t=1101 T1 acquire m1 seq=2 req=1100 waited
            t=1111 T1 acquire m2 seq=2 req=1110 waited
            t=1120 T1 release m2 seq=2 acq=1111 contended
            t=1130 T1 release m1 seq=2 acq=1101 contended
            t=1201 T2 acquire m2 seq=4 req=1200 waited
            t=1211 T2 acquire m1 seq=4 req=1210 waited
            t=1220 T2 release m1 seq=4 acq=1211 contended
            t=1230 T2 release m2 seq=4 acq=1201 contended
            """);

        Assert.True(light.Trace is { LockEventsRecorded: false });
        Assert.False(Assert.Single(light.PossibleDeadlocks).IsCertain);
    }

    [Fact]
    public void Recursion_is_no_order()
    {
        LockReport report = Run("""
            t=1100 T1 acquire m1 seq=1
            t=1110 T1 acquire m1 seq=2 depth=2
            t=1120 T1 release m1 seq=2 depth=2
            t=1130 T1 release m1 seq=1 acq=1100
            """);

        Assert.Empty(report.LockOrders);
    }

    [Fact]
    public void A_wait_that_was_given_up_is_an_order_too()
    {
        LockReport report = Run("""
            t=1100 T1 acquire m1 seq=1
            t=1110 T1 block m2
            t=1150 T1 fail m2 req=1110
            t=1160 T1 release m1 seq=1 acq=1100
            """);

        Assert.Equal(("Disk", "Net"), report.LockOrders.Select(order => (order.Held, order.Taken)).Single());
    }

    [Fact]
    public void Three_threads_can_close_a_circle_of_three_locks()
    {
        LockReport report = Run(
            DiskThenNet,
            NetThenGate,
            """
            t=1300 T3 acquire m3 seq=2
            t=1310 T3 acquire m1 seq=2
            t=1320 T3 release m1 seq=2 acq=1310
            t=1330 T3 release m3 seq=2 acq=1300
            """);

        PossibleDeadlock possible = Assert.Single(report.PossibleDeadlocks);
        Assert.Equal(["Disk", "Net", "Gate"], possible.Orders.Select(order => order.Held));
        Assert.Equal(["Net", "Gate", "Disk"], possible.Orders.Select(order => order.Taken));
        Assert.Null(possible.NearestNs);
    }

    [Fact]
    public void Two_threads_cannot_close_a_circle_of_three_locks()
    {
        LockReport report = Run(
            DiskThenNet,
            NetThenGate,
            """
            t=1300 T1 acquire m3 seq=2
            t=1310 T1 acquire m1 seq=2
            t=1320 T1 release m1 seq=2 acq=1310
            t=1330 T1 release m3 seq=2 acq=1300
            """);

        Assert.Empty(report.PossibleDeadlocks);
    }

    [Fact]
    public void Mutexes_of_one_class_are_told_apart()
    {
        const string Slots = """
            t=1003 T1 alloc m5 label=Slot
            t=1003 T1 alloc m6 label=Slot
            t=1100 T1 acquire m5 seq=1
            t=1110 T1 acquire m6 seq=1
            t=1120 T1 release m6 seq=1 acq=1110
            t=1130 T1 release m5 seq=1 acq=1100
            """;
        Assert.Empty(Run(Slots).PossibleDeadlocks);

        PossibleDeadlock possible = Assert.Single(Run(Slots, """
            t=1200 T2 acquire m6 seq=2
            t=1210 T2 acquire m5 seq=2
            t=1220 T2 release m5 seq=2 acq=1210
            t=1230 T2 release m6 seq=2 acq=1200
            """).PossibleDeadlocks);
        Assert.Equal(["Slot #5", "Slot #6"], possible.Orders.Select(order => order.Held));
    }

    [Fact]
    public void Orders_between_other_mutexes_of_the_same_classes_contradict_each_other_as_classes()
    {
        PossibleDeadlock possible = Assert.Single(Run(
            "t=1003 T1 alloc m4 label=Disk", DiskThenNet,
            """
            t=1200 T2 acquire m2 seq=2
            t=1210 T2 acquire m4 seq=1
            t=1220 T2 release m4 seq=1 acq=1210
            t=1230 T2 release m2 seq=2 acq=1200
            """).PossibleDeadlocks);

        Assert.False(possible.SameMutexes);
    }

    [Fact]
    public void An_order_whose_outer_release_is_lost_is_not_believed()
    {
        // T1 may have released m1 long before it took m2.
        const string Lost = """
            t=1100 T1 acquire m1 seq=1
            t=1110 T1 acquire m2 seq=1
            t=1120 T1 release m2 seq=1 acq=1110
            """;

        Assert.Empty(Script.Run(Lost, Script.Lossy).LockOrders);
        Assert.Single(Script.Run(Lost).LockOrders);
    }

    [Fact]
    public void A_label_that_a_rundown_tells_late_still_joins_what_was_seen_before_it()
    {
        LockReport report = Script.Run("""
            t=1100 T1 acquire m1 seq=7
            t=1110 T1 acquire m2 seq=7
            t=1120 T1 release m2 seq=7 acq=1110
            t=1130 T1 release m1 seq=7 acq=1100
            t=1150 T9 state m1 id=1 label=Disk
            t=1150 T9 state m2 id=1 label=Net
            t=1200 T2 acquire m2 seq=8
            t=1210 T2 acquire m1 seq=8
            t=1220 T2 release m1 seq=8 acq=1210
            t=1230 T2 release m2 seq=8 acq=1200
            """);

        Assert.Equal(["Disk", "Net"], Assert.Single(report.PossibleDeadlocks).Orders.Select(order => order.Held));
    }

    private static LockReport Run(params string[] parts) => Script.Run(string.Join('\n', [Names, .. parts]));
}
