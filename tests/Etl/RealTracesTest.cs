namespace Tracing.Etl.Tests;

/// <summary>The reader against real files: published counts, the second reader, and the order of time.</summary>
public sealed class RealTracesTest
{
    [Theory]
    [MemberData(nameof(RealTraces.Counts), MemberType = typeof(RealTraces))]
    public void Records_and_losses_are_those_published(string name, long records, uint lost)
    {
        using EtlFile file = EtlFile.Open(RealTraces.PathOf(name));
        EtlCensus census = file.TakeCensus(TestContext.Current.CancellationToken);
        long read = 0;
        foreach (EtlRecord _ in file.ReadInTimeOrder())
        {
            read++;
        }

        Assert.Equal(records, census.Records);
        Assert.Equal(records, read);
        Assert.Equal(records, census.Providers.Sum(provider => provider.Records));
        Assert.Equal(lost, file.Header.EventsLost);
        Assert.Equal(file.Header.BuffersWritten, (uint)file.BufferCount);
    }

    [Theory]
    [MemberData(nameof(RealTraces.Names), MemberType = typeof(RealTraces))]
    public void Nothing_is_odd_about_them_and_time_runs_forward(string name)
    {
        using EtlFile file = EtlFile.Open(RealTraces.PathOf(name));
        long last = long.MinValue;
        foreach (EtlRecord record in file.ReadInTimeOrder())
        {
            if (record.Offset >= file.Header.BufferSize)
            {
                Assert.True(record.Time >= last, $"The record at 0x{record.Offset:X} is older than the one before it.");
                last = record.Time;
            }
        }

        Assert.Empty(file.Oddities.Where(oddity => !oddity.IsNote).Select(oddity => oddity.Sentence));
    }

    [Theory]
    [MemberData(nameof(RealTraces.Names), MemberType = typeof(RealTraces))]
    public void A_second_reader_sees_the_same_records_in_the_same_order(string name)
    {
        string path = RealTraces.PathOf(name);
        List<NaiveRecord> expected = NaiveReader.Read(File.ReadAllBytes(path));
        using EtlFile file = EtlFile.Open(path);

        Assert.Equal(expected, Traces.ReadAll(file));
    }

    [Theory]
    [MemberData(nameof(RealTraces.Names), MemberType = typeof(RealTraces))]
    public void The_census_counts_what_the_timeline_delivers(string name)
    {
        using EtlFile file = EtlFile.Open(RealTraces.PathOf(name));
        EtlCensus census = file.TakeCensus(TestContext.Current.CancellationToken);
        Dictionary<(Guid, int, int), long> expected = Traces.ReadAll(file)
            .CountBy(record => (record.Provider, record.Id, record.Opcode))
            .ToDictionary(count => count.Key, count => (long)count.Value);

        Assert.Equal(
            expected.OrderBy(count => count.Key),
            census.Providers
                .SelectMany(provider => provider.Events.Select(e => KeyValuePair.Create((provider.ProviderId, (int)e.Id, (int)e.Opcode), e.Records)))
                .OrderBy(count => count.Key));
    }

    [Fact]
    public void The_header_of_an_annotated_file_reads_as_annotated()
    {
        using EtlFile file = EtlFile.Open(RealTraces.PathOf("primitive-types.etl"));
        EtlHeader header = file.Header;

        // The annotated dump of the format notes, section 8.
        Assert.Equal(0x2000, header.BufferSize);
        Assert.Equal((10, 0, 1, 5), (header.OsMajorVersion, header.OsMinorVersion, header.FormatMajorVersion, header.FormatMinorVersion));
        Assert.Equal(19043u, header.OsBuild);
        Assert.Equal(8, header.ProcessorCount);
        Assert.Equal(0x01d7a58b51b4c6a1, header.EndTime);
        Assert.Equal(156_250u, header.TimerResolution);
        Assert.Equal((0u, 2u, 1u, 8, 0u, 2304u), (header.MaximumFileSize, header.BuffersWritten, header.StartBuffers, header.PointerSize, header.EventsLost, header.CpuMHz));
        Assert.Equal(-120, header.TimeZoneBiasMinutes);
        Assert.Equal(10_000_000, header.PerfFrequency);
        Assert.Equal(EtlClockType.PerformanceCounter, header.ClockType);
        Assert.Equal(0x0000025e31ea9f75, header.StartTicks);
        Assert.Equal(("solar_system", @"C:\primitive-types_000004.etl"), (header.LoggerName, header.LogFileName));
    }
}
