using CsCheck;

namespace Tracing.Etl.Tests;

/// <summary>A copy has the records that were chosen, as they were, and never looks more whole than its source.</summary>
public sealed class CopyTest
{
    // What Windows keeps from consumers, and what a copy has anew.
    private static readonly Guid HeaderClass = new("68fdd900-4a3e-11d1-84f4-0000f80464e3");

    [Fact]
    public void A_copy_of_everything_has_every_record_in_the_same_order() =>
        RandomTraces.Plans.Sample(
            plan =>
            {
                // Of two sessions in one file, records of equal times come session by session; the copy is one session, and there they come processor by processor.
                using EtlFile source = Traces.Open((plan with { IsTwice = false }).Write());
                AssertSame(Records(source), Copy(source, (in EtlRecord _) => true));
            },
            iter: 100);

    [Theory]
    [MemberData(nameof(RealTraces.Names), MemberType = typeof(RealTraces))]
    public void A_copy_of_a_real_trace_has_every_record_in_the_same_order(string name)
    {
        using EtlFile source = EtlFile.Open(RealTraces.PathOf(name));
        AssertSame(Records(source), Copy(source, (in EtlRecord _) => true));
    }

    [Fact]
    public void Only_what_was_chosen_is_copied_and_the_latest_record()
    {
        using EtlFile source = Traces.Open(Traces.Simple(buffers: 4, eventsPerBuffer: 3));
        List<NaiveRecord> copied = Copy(source, (in EtlRecord record) => record.Id == 1);

        Assert.Equal([1, 1, 1, 3], copied.Select(record => record.Id));
        Assert.Equal(Traces.StartTicks + 12, copied[^1].Time);
    }

    [Fact]
    public void The_copy_tells_of_the_same_session_and_losses()
    {
        using EtlFile source = Traces.Open(Traces.Simple(2, 2));
        using EtlFile copy = Traces.Open(CopyBytes(source, (in EtlRecord _) => true));

        Assert.Equal((source.Header.StartTicks, source.Header.StartTime, source.Header.EndTime), (copy.Header.StartTicks, copy.Header.StartTime, copy.Header.EndTime));
        Assert.Equal((3U, 1U, "a session", 4), (copy.Header.EventsLost, copy.Header.BuffersLost, copy.Header.LoggerName, copy.Header.ProcessorCount));
        Assert.Empty(copy.Oddities);
    }

    [Fact]
    public void A_copy_of_what_is_damaged_or_lacks_a_buffer_is_not_closed()
    {
        byte[] trace = Traces.Simple(5, 3);
        byte[] withoutThird = [.. trace[..(3 * Traces.BufferSize)], .. trace[(4 * Traces.BufferSize)..]];
        foreach (byte[] broken in new[] { trace[..^100], withoutThird })
        {
            using EtlFile source = Traces.Open(broken);
            using EtlFile copy = Traces.Open(CopyBytes(source, (in EtlRecord _) => true));
            Assert.NotEqual(0, source.Header.EndTime);
            Assert.Equal(0, copy.Header.EndTime);
        }
    }

    private static List<NaiveRecord> Copy(EtlFile source, EtlCopy.Choice choice)
    {
        using EtlFile copy = Traces.Open(CopyBytes(source, choice));
        return Records(copy);
    }

    private static byte[] CopyBytes(EtlFile source, EtlCopy.Choice choice)
    {
        using MemoryStream stream = new();
        EtlCopy.Write(source, stream, choice, TestContext.Current.CancellationToken);
        return stream.ToArray();
    }

    // Where a record lies is the one thing that a copy may change; and its header buffer is its own.
    private static List<NaiveRecord> Records(EtlFile file) => [.. Traces.ReadAll(file).Where(record => record.Provider != HeaderClass).Select(record => record with { Offset = 0 })];

    private static void AssertSame(List<NaiveRecord> expected, List<NaiveRecord> actual) => Assert.Equal(expected, actual);
}
