using CsCheck;

namespace Tracing.Etl.Tests;

/// <summary>A filter delivers and counts what asking each record would; buffers outside of its time range are not read.</summary>
public sealed class FilterTest
{
    private static readonly Gen<EtlFilter> Filters = Gen.Select(
        Some([Traces.Provider, Guid.Empty, new Guid("2cb15d1d-5fc1-11d2-abe1-00a0c911f518")]),
        Some<ushort>([.. Enumerable.Range(0, 9).Select(i => (ushort)(i * 7000))]),
        Some([-1, 4, 40]),
        Some([-1, 7, 70]),
        Gen.Select(Gen.Bool, Gen.Long[-50, 400]),
        Gen.Select(Gen.Bool, Gen.Long[-50, 400]))
    .Select((providers, ids, processes, threads, from, until) => new EtlFilter
    {
        Providers = providers,
        Ids = ids,
        ProcessIds = processes,
        ThreadIds = threads,
        From = from.Item1 ? Traces.StartTicks + from.Item2 : null,
        Until = until.Item1 ? Traces.StartTicks + until.Item2 : null,
    });

    [Fact]
    public void A_filtered_pass_delivers_what_asking_each_record_would() =>
        Gen.Select(RandomTraces.Plans, Filters).Sample(
            (plan, filter) =>
            {
                using EtlFile file = Traces.Open(plan.Write());

                Assert.Equal(Traces.ReadAll(file).Where(record => Passes(record, filter)), Traces.ReadAll(file.ReadInTimeOrder(filter, progress: null, CancellationToken.None)));
            },
            iter: 500);

    [Fact]
    public void A_filtered_census_counts_what_the_filtered_pass_delivers() =>
        Gen.Select(RandomTraces.Plans, Filters).Sample(
            (plan, filter) =>
            {
                using EtlFile file = Traces.Open(plan.Write());
                EtlCensus census = file.TakeCensus(filter, progress: null, CancellationToken.None);

                Assert.Equal(
                    Traces.ReadAll(file.ReadInTimeOrder(filter, progress: null, CancellationToken.None)).CountBy(record => (record.Provider, record.Id, record.Opcode)).Select(count => (count.Key, (long)count.Value)).Order(),
                    census.Providers.SelectMany(provider => provider.Events.Select(e => ((provider.ProviderId, (int)e.Id, (int)e.Opcode), e.Records))).Order());
            },
            iter: 300);

    [Fact]
    public void Buffers_outside_of_the_time_range_are_not_read()
    {
        // 100 buffers of 5 events, one tick apart. The range is two events in the middle of buffer 40, counted from 0: 201 to 205 are its times.
        using EtlFile file = Traces.Open(Traces.Simple(100, 5));
        EtlFilter filter = new() { From = Traces.StartTicks + 202, Until = Traces.StartTicks + 204 };
        Reports reports = new();

        Assert.Equal([202, 203], Traces.ReadAll(file.ReadInTimeOrder(filter, reports, CancellationToken.None)).Select(record => record.Time - Traces.StartTicks));

        // The header buffer, whose stream is always asked, and buffer 40, of five records of 88 bytes.
        int header = 72 + (32 + 0x118 + 32 + 7) / 8 * 8;
        Assert.Equal(new EtlProgress(header + 72 + (5 * 88), header + 72 + (5 * 88)), reports.All[^1]);
    }

    [Fact]
    public void A_record_without_a_time_at_the_start_of_a_buffer_belongs_to_the_time_before_it()
    {
        static byte[] message(long? time) => RecordBytes.Message(1, [1, 2, 3], Traces.Provider, time: time);
        byte[] reachesBack = [.. message(null), .. message(Traces.StartTicks + 50)];
        using EtlFile file = Traces.Open(Traces.Write([(1, 1, message(Traces.StartTicks + 5)), (1, 2, reachesBack)]));

        EtlFilter filter = new() { From = Traces.StartTicks + 1, Until = Traces.StartTicks + 20 };
        Assert.Equal([5, 5], Traces.ReadAll(file.ReadInTimeOrder(filter, progress: null, CancellationToken.None)).Select(record => record.Time - Traces.StartTicks));
    }

    [Fact]
    public void Progress_rises_to_the_whole()
    {
        using EtlFile file = Traces.Open(Traces.Simple(1000, 5));
        Reports timeline = new();
        Reports census = new();
        _ = Traces.ReadAll(file.ReadInTimeOrder(filter: null, timeline, TestContext.Current.CancellationToken));
        _ = file.TakeCensus(filter: null, census, TestContext.Current.CancellationToken);

        foreach (Reports reports in (Reports[])[timeline, census])
        {
            Assert.InRange(reports.All.Count, 100, 210);
            Assert.Equal(reports.All.OrderBy(report => report.BytesRead), reports.All);
            Assert.Equal(reports.All[^1].BytesTotal, reports.All[^1].BytesRead);
            Assert.Single(reports.All.Select(report => report.BytesTotal).Distinct());
        }
    }

    [Fact]
    public void A_pass_can_be_cancelled_on_its_way()
    {
        using EtlFile file = Traces.Open(Traces.Simple(10, 5));
        using CancellationTokenSource source = new();
        EtlTimeline timeline = file.ReadInTimeOrder(filter: null, cancellation: source.Token);
        Assert.True(timeline.MoveNext());
        source.Cancel();

        // The buffer in memory is still delivered.
        int records = 1;
        Assert.Throws<OperationCanceledException>(() =>
        {
            while (timeline.MoveNext())
            {
                records++;
            }
        });
        Assert.Equal(1 + 5, records);
        Assert.ThrowsAny<OperationCanceledException>(() => file.TakeCensus(new EtlFilter(), cancellation: source.Token));
    }

    [Theory]
    [MemberData(nameof(RealTraces.Names), MemberType = typeof(RealTraces))]
    public void Real_traces_filtered_by_time_and_provider_give_what_asking_each_record_would(string name)
    {
        using EtlFile file = EtlFile.Open(RealTraces.PathOf(name));
        List<NaiveRecord> all = Traces.ReadAll(file);
        long middle = all[all.Count / 2].Time;
        EtlFilter[] filters =
        [
            new() { From = middle },
            new() { Until = middle },
            new() { From = all[all.Count / 3].Time, Until = middle, Providers = [all[^1].Provider] },
            new() { ProcessIds = [all[all.Count / 2].Process], ThreadIds = [all[all.Count / 2].Thread] },
        ];
        foreach (EtlFilter filter in filters)
        {
            Assert.Equal(all.Where(record => Passes(record, filter)), Traces.ReadAll(file.ReadInTimeOrder(filter, progress: null, CancellationToken.None)));
        }
    }

    private static bool Passes(NaiveRecord record, EtlFilter filter) =>
        (filter.Providers is null || filter.Providers.Contains(record.Provider))
        && (filter.Ids is null || filter.Ids.Contains((ushort)record.Id))
        && (filter.ProcessIds is null || filter.ProcessIds.Contains(record.Process))
        && (filter.ThreadIds is null || filter.ThreadIds.Contains(record.Thread))
        && (filter.From is null || record.Time >= filter.From)
        && (filter.Until is null || record.Time < filter.Until);

    // A set of some of the values, or null.
    private static Gen<IReadOnlyCollection<T>?> Some<T>(T[] values) => Gen.Int[0, (2 << values.Length) - 1]
        .Select(bits => bits >> values.Length == 0 ? null : (IReadOnlyCollection<T>)[.. values.Where((_, i) => (bits >> i & 1) == 1)]);

    private sealed class Reports : IProgress<EtlProgress>
    {
        public List<EtlProgress> All { get; } = [];

        public void Report(EtlProgress value) => All.Add(value);
    }
}
