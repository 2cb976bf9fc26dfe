namespace Tracing.Etl.Tests;

/// <summary>Each kind of record, laid out by hand from the format notes, section 2, and read field by field.</summary>
public sealed class RecordKindsTest
{
    private const long Time = Traces.StartTicks + 5;
    private static readonly byte[] Payload = [1, 2, 3, 4, 5];
    private static readonly Guid ThreadClass = new("3d6fa8d1-fe05-11d0-9dda-00c04fd7ba7c");

    [Theory]
    [InlineData(true, 8)]
    [InlineData(false, 4)]
    public void A_system_record(bool is64, int pointerSize)
    {
        Check(RecordBytes.System(Time, 0x0524, Payload, is64), (in record) =>
        {
            Assert.Equal((EtlRecordKind.System, Time, pointerSize, 7, 4), (record.Kind, record.Time, record.PointerSize, record.ThreadId, record.ProcessId));
            Assert.Equal((ThreadClass, (byte)0x24, (byte)2, (ushort)0, (ushort)0x0524), (record.ProviderId, record.Opcode, record.Version, record.Id, record.HookId));
            Assert.Equal((11u, 22u, true), (record.KernelTime, record.UserTime, record.IsKernel));
            Assert.Equal(Payload, record.Payload.ToArray());
        });
    }

    [Fact]
    public void A_compact_record_has_no_processor_times()
    {
        Check(RecordBytes.Compact(Time, 0x0524, Payload), (in record) =>
        {
            Assert.Equal((EtlRecordKind.Compact, Time, 8, 7, 4), (record.Kind, record.Time, record.PointerSize, record.ThreadId, record.ProcessId));
            Assert.Equal((ThreadClass, (byte)0x24, 0u, 0u), (record.ProviderId, record.Opcode, record.KernelTime, record.UserTime));
            Assert.Equal(Payload, record.Payload.ToArray());
        });
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 0)]
    [InlineData(false, 7)]
    [InlineData(true, 3)]
    public void A_perfinfo_record_has_neither_thread_nor_process_and_its_counters_are_no_payload(bool pebs, int counters)
    {
        Check(RecordBytes.PerfInfo(Time, 0x0F2E, Payload, pebs: pebs, counters: counters), (in record) =>
        {
            Assert.Equal((EtlRecordKind.PerfInfo, Time, 8, -1, -1), (record.Kind, record.Time, record.PointerSize, record.ThreadId, record.ProcessId));
            Assert.Equal((new Guid("ce1dbfb4-137e-4da6-87b0-3f59aa102cbc"), (byte)0x2E, (byte)2), (record.ProviderId, record.Opcode, record.Version));
            Assert.Equal(Payload, record.Payload.ToArray());
        });
    }

    [Theory]
    [InlineData(0x030A, "2cb15d1d-5fc1-11d2-abe1-00a0c911f518")]
    [InlineData(0x0301, "3d6fa8d0-fe05-11d0-9dda-00c04fd7ba7c")]
    [InlineData(0x1402, "2cb15d1d-5fc1-11d2-abe1-00a0c911f518")]
    [InlineData(0x1E01, "2ce9a149-effe-42f0-a635-a1d39e26c8f2")]
    [InlineData(0x1F01, "00000000-0000-0000-0000-000000000000")]
    [InlineData(0xFF01, "00000000-0000-0000-0000-000000000000")]
    public void A_kernel_record_is_named_by_its_group_and_an_image_load_by_the_image_class(int hook, string provider)
    {
        Check(RecordBytes.System(Time, (ushort)hook, Payload), (in record) => Assert.Equal(new Guid(provider), record.ProviderId));
    }

    [Theory]
    [InlineData(true, 8)]
    [InlineData(false, 4)]
    public void A_classic_record(bool is64, int pointerSize)
    {
        Check(RecordBytes.Full(Time, Traces.Provider, 36, Payload, is64), (in record) =>
        {
            Assert.Equal((EtlRecordKind.Full, Time, pointerSize, 7, 4), (record.Kind, record.Time, record.PointerSize, record.ThreadId, record.ProcessId));
            Assert.Equal((Traces.Provider, (byte)36, (byte)2, (byte)3, (ushort)0), (record.ProviderId, record.Opcode, record.Version, record.Level, record.Id));
            Assert.Equal((11u, 22u, false), (record.KernelTime, record.UserTime, record.IsKernel));
            Assert.Equal(Payload, record.Payload.ToArray());
        });
    }

    [Fact]
    public void An_instance_record_has_its_payload_after_the_parent()
    {
        Check(RecordBytes.Instance(Time, Traces.Provider, 36, Payload), (in record) =>
        {
            Assert.Equal((EtlRecordKind.Instance, Time, Traces.Provider, (byte)36), (record.Kind, record.Time, record.ProviderId, record.Opcode));
            Assert.Equal(Payload, record.Payload.ToArray());
        });
    }

    [Fact]
    public void An_event_written_by_the_writer_has_all_its_fields()
    {
        EtlEventHeader header = new()
        {
            Time = Time,
            ProviderId = Traces.Provider,
            Id = 0x1234,
            Version = 5,
            Channel = 16,
            Level = 4,
            Opcode = 9,
            Task = 0x4321,
            Keyword = 0x8000_0000_0000_0021,
            ThreadId = 77,
            ProcessId = 88,
            ActivityId = new Guid("aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee"),
            KernelTime = 3,
            UserTime = 4,
            EventProperty = 2,
        };
        byte[] buffer = new byte[200];
        Assert.True(EtlEventRecord.TryWrite(buffer, header, Payload, out int written));
        Assert.Equal(88, written);

        Check(buffer[..written], (in record) =>
        {
            Assert.Equal((EtlRecordKind.Event, Time, 8, 77, 88), (record.Kind, record.Time, record.PointerSize, record.ThreadId, record.ProcessId));
            Assert.Equal((Traces.Provider, (ushort)0x1234, (byte)5, (byte)16, (byte)4), (record.ProviderId, record.Id, record.Version, record.Channel, record.Level));
            Assert.Equal((9, 0x4321, 0x8000_0000_0000_0021), (record.Opcode, record.Task, record.Keyword));
            Assert.Equal((header.ActivityId, 3u, 4u, 2, 0), (record.ActivityId, record.KernelTime, record.UserTime, record.EventProperty, record.HeaderFlags));
            Assert.Equal(Payload, record.Payload.ToArray());
            Assert.True(record.ExtendedItems.IsEmpty);
            Assert.Equal(85, record.Bytes.Length);
        });
    }

    [Fact]
    public void Extended_items_come_in_order_and_are_no_payload()
    {
        byte[] related = Traces.Provider.ToByteArray();
        byte[] items = RecordBytes.Items((1, related), (13, [1, 0, 0, 0, 0, 0, 0, 0]), (12, [9, 9, 9]));
        Check(RecordBytes.Event(Time, Traces.Provider, 3, Payload, items), (in record) =>
        {
            List<(EtlExtendedItemType, string)> found = [];
            foreach (EtlExtendedItem item in record.ExtendedItems)
            {
                found.Add((item.Type, Convert.ToHexString(item.Data)));
            }

            Assert.Equal(
                [
                    (EtlExtendedItemType.RelatedActivityId, Convert.ToHexString(related)),
                    (EtlExtendedItemType.ProcessStartKey, "0100000000000000"),
                    (EtlExtendedItemType.ProviderTraits, "090909"),
                ],
                found);
            Assert.True(record.ExtendedItems.TryGet(EtlExtendedItemType.ProviderTraits, out ReadOnlySpan<byte> traits));
            Assert.Equal([9, 9, 9], traits.ToArray());
            Assert.False(record.ExtendedItems.TryGet(EtlExtendedItemType.Sid, out _));
            Assert.Equal(Payload, record.Payload.ToArray());
        });
    }

    [Fact]
    public void A_message_with_all_its_parts()
    {
        byte[] bytes = RecordBytes.Message(12, Payload, Traces.Provider, sequence: 9, time: Time, ids: (70, 40), is64: false);
        Check(bytes, (in record) =>
        {
            Assert.Equal((EtlRecordKind.Message, Time, 4, 70, 40), (record.Kind, record.Time, record.PointerSize, record.ThreadId, record.ProcessId));
            Assert.Equal((Traces.Provider, (ushort)12), (record.ProviderId, record.Id));
            Assert.Equal(Payload, record.Payload.ToArray());
        });
    }

    [Fact]
    public void A_message_without_a_time_has_that_of_the_record_before_it()
    {
        byte[] bytes = RecordBytes.Message(12, Payload, component: 6);
        Check([.. RecordBytes.System(Time, 0x0524, []), .. bytes], (in record) =>
        {
            if (record.Kind == EtlRecordKind.Message)
            {
                Assert.Equal((Time, -1, -1, Guid.Empty), (record.Time, record.ThreadId, record.ProcessId, record.ProviderId));
                Assert.Equal(Payload, record.Payload.ToArray());
            }
        });
    }

    private delegate void RecordCheck(in EtlRecord record);

    private static void Check(byte[] records, RecordCheck check)
    {
        using EtlFile file = Traces.Open(Traces.Write([(2, 1, records)]));
        int count = 0;
        foreach (EtlRecord record in file.ReadInTimeOrder())
        {
            if (count++ > 0)
            {
                Assert.Equal(2, record.Processor);
                check(record);
            }
        }

        Assert.True(count > 1, "The record was not read.");
        Assert.Equal(0, file.Oddities.Problems);
    }
}
