using CsCheck;

namespace Tracing.Etl.Tests;

/// <summary>What is written is what is read, whatever the records, the processors and the order of buffers.</summary>
public sealed class RoundTripTest
{
    [Fact]
    public void Random_traces_read_as_a_second_reader_reads_them() =>
        RandomTraces.Plans.Sample(
            plan =>
            {
                byte[] trace = plan.Write();
                using EtlFile file = Traces.Open(trace);

                Assert.Equal(NaiveReader.Read(trace), Traces.ReadAll(file));
                Assert.Equal(0, file.Oddities.Problems);
            },
            iter: 300);

    [Fact]
    public void Traces_of_the_real_driver_read_as_a_second_reader_reads_them()
    {
        string[] samples = Directory.GetFiles(Path.Combine(RealTraces.RepositoryRoot(), "samples"), "*.etl");
        Assert.NotEmpty(samples);
        foreach (string sample in samples)
        {
            using EtlFile file = EtlFile.Open(sample);
            Assert.Equal(NaiveReader.Read(File.ReadAllBytes(sample)), Traces.ReadAll(file));
        }
    }

    [Fact]
    public void Random_traces_hold_every_byte_that_was_written() =>
        RandomTraces.Plans.Sample(
            plan =>
            {
                using EtlFile file = Traces.Open((plan with { IsTwice = false }).Write());
                List<byte> read = [];
                foreach (EtlRecord record in file.ReadInTimeOrder())
                {
                    if (record.Offset > file.Header.BufferSize || plan.Compression == 3)
                    {
                        read.AddRange(record.Bytes);
                    }
                }

                // The order differs, the bytes do not: they are compared as counts of each value, padding (0) left out.
                byte[] header = plan.Compression == 3 ? HeaderRecord(file) : [];
                Assert.Equal(
                    plan.Buffers.SelectMany(buffer => buffer.Records).Concat(header).Where(value => value != 0).CountBy(value => value).OrderBy(count => count.Key),
                    read.Where(value => value != 0).CountBy(value => value).OrderBy(count => count.Key));
            },
            iter: 200);

    [Fact]
    public void Compression_changes_nothing_but_offsets() =>
        RandomTraces.Plans.Sample(
            plan =>
            {
                using EtlFile plain = Traces.Open((plan with { Compression = 0, IsTwice = false }).Write());
                using EtlFile compressed = Traces.Open((plan with { IsTwice = false }).Write());

                Assert.Equal(WithoutOffsets(plain), WithoutOffsets(compressed));
                Assert.Equal(plain.BufferCount, compressed.BufferCount);
            },
            iter: 200);

    [Fact]
    public void The_order_of_buffers_in_the_file_does_not_matter() =>
        RandomTraces.Plans.Sample(
            plan =>
            {
                using EtlFile shuffled = Traces.Open(plan.Write());
                using EtlFile sorted = Traces.Open((plan with { Buffers = [.. plan.Buffers.OrderBy(buffer => buffer.Sequence)] }).Write());

                Assert.Equal(WithoutOffsets(sorted), WithoutOffsets(shuffled));
            },
            iter: 200);

    [Fact]
    public void The_census_counts_what_the_timeline_delivers() =>
        RandomTraces.Plans.Sample(
            plan =>
            {
                using EtlFile file = Traces.Open(plan.Write());
                EtlCensus census = file.TakeCensus(CancellationToken.None);
                var expected = Traces.ReadAll(file).CountBy(record => (record.Provider, record.Id, record.Opcode)).OrderBy(count => count.Key);

                Assert.Equal(
                    expected.Select(count => (count.Key.Provider, count.Key.Id, count.Key.Opcode, (long)count.Value)),
                    census.Providers
                        .SelectMany(provider => provider.Events.Select(e => (provider.ProviderId, (int)e.Id, (int)e.Opcode, e.Records)))
                        .Order());
            },
            iter: 200);

    private static IEnumerable<NaiveRecord> WithoutOffsets(EtlFile file) => Traces.ReadAll(file).Skip(1).Select(record => record with { Offset = 0 });

    private static byte[] HeaderRecord(EtlFile file)
    {
        EtlTimeline timeline = file.ReadInTimeOrder();
        Assert.True(timeline.MoveNext());
        return timeline.Current.Bytes.ToArray();
    }
}
