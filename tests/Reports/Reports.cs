using CsCheck;
using Tracing.Reports.Model;

namespace Tracing.Reports.Tests;

/// <summary>Reports to show: one made by hand, and random ones with whatever a trace may hold.</summary>
internal static class Reports
{
    /// <summary>Names as a forger would choose them: markup, escape sequences, text that turns around, text that ends a script element.</summary>
    public static readonly string[] HostileNames =
    [
        "<script>alert(1)</script>", "</script><img src=x onerror=alert(1)>", "\u001b[31mred\u001b[0m", "a\u202Egnp.exe", "tab\there\r\nline",
        "\"quoted\" 'name' & more", "\0nul", "\uD800 lone", "]]>", "<!--", "{0}{1}", "\u009b2J", new string('x', 5000), "",
    ];

    private static readonly Gen<string> Names = Gen.Frequency(
        (3, Gen.Const("DeviceQueue")), (2, Gen.Int[0, HostileNames.Length - 1].Select(i => HostileNames[i])), (2, Gen.String), (1, Gen.Const("名前のある錠")));

    private static readonly Gen<long> Amounts = Gen.Frequency(
        (2, Gen.Const(0L)), (4, Gen.Long[0, 1_000_000]), (2, Gen.Long[0, 1_000_000_000_000]), (1, Gen.Long[0, long.MaxValue]));

    private static readonly Gen<DurationSummary> Durations =
        from numbers in Amounts.Array[9]
        select new DurationSummary
        {
            Count = numbers[0],
            TotalNs = numbers[1],
            MeanNs = numbers[2],
            P50Ns = numbers[3],
            P90Ns = numbers[4],
            P99Ns = numbers[5],
            P999Ns = numbers[6],
            MaxNs = numbers[7],
            Sampled = numbers[0],
            Censored = new CensoredSummary(numbers[8], numbers[8], numbers[8]),
            Unknown = numbers[8],
        };

    private static readonly Gen<SourceSite?> Sites =
        from file in Names
        from line in Gen.Int[0, 100_000]
        from member in Names
        from known in Gen.Bool
        select known ? new SourceSite(file, line, member) : null;

    private static readonly Gen<MutexRow> Mutexes =
        from id in Gen.ULong
        from label in Names
        from site in Sites
        from numbers in Amounts.Array[6]
        from wait in Durations
        from hold in Durations
        from source in Gen.Enum<CountSource>()
        select new MutexRow
        {
            Id = id,
            Label = label,
            Name = label,
            Site = site,
            Acquires = numbers[0],
            Contended = numbers[1],
            Failed = numbers[2],
            SequenceGaps = numbers[3],
            IrqlRejections = numbers[4],
            DeepestRecursion = (int)(numbers[5] % 65_536),
            Wait = wait,
            Hold = hold,
            CountedFrom = source,
        };

    private static readonly Gen<IrqlRejectionRow> Rejections =
        from name in Names
        from site in Sites
        from irql in Gen.Int[0, 255]
        from count in Amounts
        select new IrqlRejectionRow { Operation = "TryLock", Irql = irql, MaximumIrql = irql / 2, Site = site, Mutex = name, MutexLabel = name, Count = count };

    private static readonly Gen<LiveMutexRow> Live =
        from name in Names
        from site in Sites
        from bytes in Amounts
        from thread in Gen.Int
        from liveClass in Gen.Enum<LiveClass>()
        select new LiveMutexRow { Id = 1, Label = name, Name = name, Site = site, Bytes = bytes, AgeNs = bytes, OwnerThreadId = thread, Class = liveClass, OwnerSite = site, HeldForNs = bytes, Waiters = (int)(bytes % 1000), LastUsedNs = bytes, LastThreadId = thread };

    private static readonly Gen<LiveGrowth> Growth =
        from site in Sites
        from amounts in Amounts.Array[3]
        from slope in Gen.Double[-1e9, 1e9]
        from rises in Gen.Bool
        select new LiveGrowth(site, amounts[0], amounts[1], slope, rises, [new LivePoint(amounts[2], amounts[0])]);

    private static readonly Gen<AllocationFailureRow> AllocationFailures =
        from name in Names
        from site in Sites
        from amount in Amounts
        select new AllocationFailureRow(name, site, amount, amount, amount);

    private static readonly Gen<LockOrder> Orders =
        from held in Names
        from heldSite in Sites
        from taken in Names
        from takenSite in Sites
        from under in Names.List[0, 2]
        from count in Amounts
        from threads in Gen.Int.List[0, 3]
        select new LockOrder(held, heldSite, taken, takenSite, under, count, threads, count);

    private static readonly Gen<DeadlockWait> DeadlockWaits =
        from thread in Gen.Int
        from name in Names
        from site in Sites
        from amount in Amounts
        select new DeadlockWait(thread, (ulong)amount, name, site, amount, thread, site);

    private static readonly Gen<Deadlock> Deadlocks =
        from waits in DeadlockWaits.List[2, 3]
        from end in Gen.Enum<DeadlockEnd>()
        from amounts in Amounts.Array[3]
        from certain in Gen.Bool
        select new Deadlock(waits, end, amounts[0], amounts[1], amounts[2]) { IsCertain = certain };

    private static readonly Gen<AbandonmentRow> Abandonments =
        from name in Names
        from site in Sites
        from thread in Gen.Nullable(Gen.Int)
        from amount in Amounts
        select new AbandonmentRow((ulong)amount, name, site, thread, amount, amount);

    private static readonly Gen<PossibleDeadlock> PossibleDeadlocks =
        from orders in Orders.List[2, 3]
        from nearest in Gen.Nullable(Amounts)
        from same in Gen.Bool
        from certain in Gen.Bool
        select new PossibleDeadlock(orders, nearest, same) { IsCertain = certain };

    /// <summary>Any report.</summary>
    public static Gen<LockReport> Any { get; } =
        from mutexes in Mutexes.List[0, 30]
        from rejections in Rejections.List[0, 5]
        from live in Live.List[0, 5]
        from growth in Growth.List[0, 3]
        from failures in AllocationFailures.List[0, 2]
        from orders in Orders.List[0, 3]
        from deadlocks in Deadlocks.List[0, 2]
        from abandonments in Abandonments.List[0, 2]
        from possible in PossibleDeadlocks.List[0, 2]
        from name in Names
        from amounts in Amounts.Array[6]
        from grade in Gen.Enum<TrustGrade>()
        from waits in Durations
        from timeline in Timelines.Any(Names)
        select new LockReport
        {
            Trace = new TraceSummary
            {
                Files = [name + ".etl"],
                DurationNs = amounts[0],
                ProcessorCount = 8,
                OsBuild = name,
                RecordedBy = name,
                ClockFrequency = 10_000_000,
                EventsRead = amounts[1],
                DriverEventsRead = amounts[2],
                EventsLost = amounts[3],
                BuffersLost = amounts[4],
                SequenceGaps = amounts[5],
                Grade = grade,
                GradeReasons = [name],
            },
            Findings = [new Finding(FindingSeverity.Warning, "contention", $"{name} was waited for.") { Subject = name, Advice = name, Numbers = [new FindingNumber(name, 0.5, "percent")] }],
            Mutexes = mutexes,
            AllWaits = waits,
            AllHolds = waits,
            IrqlRejections = rejections,
            LiveMutexes = live,
            Growth = growth,
            AllocationFailures = failures,
            LockOrders = orders,
            Deadlocks = deadlocks,
            PossibleDeadlocks = possible,
            Abandonments = abandonments,
            Timeline = timeline,
            Oddities = [new Oddity("payload-malformed", 1, 64, $"1 event of {name}.")],
            OtherProviders = [new ProviderCount(Guid.Empty, name, 5)],
        };

    /// <summary>A report of two mutexes, one of them busy, written by hand.</summary>
    public static LockReport ByHand { get; } = new()
    {
        Trace = new TraceSummary
        {
            Files = ["traces/queue.etl"],
            StartUtc = new DateTime(2026, 11, 23, 8, 0, 0, DateTimeKind.Utc),
            EndUtc = new DateTime(2026, 11, 23, 8, 0, 2, DateTimeKind.Utc),
            DurationNs = 2_000_000_000,
            ProcessorCount = 4,
            OsBuild = "10.0.26100",
            RecordedBy = "KMutex",
            ClockFrequency = 10_000_000,
            EventsRead = 5000,
            DriverEventsRead = 4990,
            Rundown = RundownState.Complete,
            LockEventsRecorded = true,
            Grade = TrustGrade.A,
            Identities = [new IdentityCheck("holds-exclude", "No two holds of one mutex overlap.", IdentityResult.Holds, 999, 0)],
        },
        Findings = [new Finding(FindingSeverity.Warning, "contention", "DeviceQueue was waited for 1.20 s in total.")],
        Mutexes =
        [
            new MutexRow { Id = 1, Label = "Idle", Name = "Idle", Acquires = 10, Hold = new DurationSummary { Count = 10, TotalNs = 5_000, MeanNs = 500, P50Ns = 400, P99Ns = 900, MaxNs = 900, Sampled = 10 } },
            new MutexRow
            {
                Id = 2, Label = "DeviceQueue", Name = "DeviceQueue", Kind = "KMutex", Site = new SourceSite("C:/src/Queue.cs", 118, "Open"), Address = 0xFFFF8000_00001000, Acquires = 1000,
                Contended = 400, DeepestRecursion = 1, IrqlRejections = 7, Live = true,
                Wait = new DurationSummary
                {
                    Count = 400, TotalNs = 1_200_000_000, MeanNs = 3_000_000, P50Ns = 2_500_000, P90Ns = 6_000_000, P99Ns = 9_000_000, P999Ns = 9_900_000,
                    MaxNs = 12_345_678, Sampled = 400,
                },
                Hold = new DurationSummary
                {
                    Count = 1000, TotalNs = 1_500_000_000, MeanNs = 1_500_000, P50Ns = 1_400_000, P90Ns = 2_000_000, P99Ns = 3_000_000, P999Ns = 3_100_000,
                    MaxNs = 3_200_000, Sampled = 1000,
                },
            },
        ],
        AllWaits = new DurationSummary { Count = 400, Histogram = [new HistogramBucket(1_000_000, 2_000_000, 150), new HistogramBucket(2_000_000, 4_000_000, 250)] },
        IrqlRejections =
        [
            new IrqlRejectionRow { Operation = "Lock", Irql = 2, MaximumIrql = 1, Site = new SourceSite("Dpc.cs", 20, "OnDpc"), MutexId = 2, Mutex = "DeviceQueue", MutexLabel = "DeviceQueue", Count = 7 },
        ],
        LiveMutexes =
        [
            new LiveMutexRow { Id = 2, Label = "DeviceQueue", Name = "DeviceQueue", Site = new SourceSite("C:/src/Queue.cs", 118, "Open"), Bytes = 96, AgeNs = 1_900_000_000, BornInTrace = true, Class = LiveClass.Leaked },
        ],
    };
}
