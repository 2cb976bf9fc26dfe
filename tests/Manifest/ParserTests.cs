using System.Reflection;
using System.Text;
using System.Xml.Linq;
using Microsoft.Diagnostics.Tracing;
using Tracing.Etl;
using Tracing.Etl.TraceEvent;
using Tracing.Events;
using Tracing.Manifest.Model;
using Tracing.Parsers;

namespace Tracing.Manifest.Tests;

/// <summary>The parser for TraceEvent says what the manifest says, and reads what the driver wrote.</summary>
public sealed class ParserTests
{
    private const long T = 1_000_000;

    /// <summary>What a field of the manifest is to be called in C#: unsigned, whatever else TraceEvent's own parsers do.</summary>
    private static readonly Dictionary<string, Type> Types = new()
    {
        ["win:UInt8"] = typeof(byte),
        ["win:UInt16"] = typeof(ushort),
        ["win:UInt32"] = typeof(uint),
        ["win:UInt64"] = typeof(ulong),
        ["win:Pointer"] = typeof(ulong),
        ["win:GUID"] = typeof(Guid),
        ["win:UnicodeString"] = typeof(string),
    };

    // Without those that every parser of TraceEvent has.
    private static EventInfo[] OwnEvents => typeof(KMutexTraceEventParser).GetEvents(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly);

    public static TheoryData<string> Events() => [.. Sources.Manifest.Events.Select(@event => @event.Name)];

    public static TheoryData<string> Samples() => [.. Directory.GetFiles(Path.Combine(Sources.Root, "samples"), "*.etl").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    [Fact]
    public void Provider_and_keywords_are_those_of_the_manifest()
    {
        Assert.Equal((Sources.Manifest.Provider.Name, Sources.Manifest.Provider.Id), (KMutexTraceEventParser.ProviderName, KMutexTraceEventParser.ProviderGuid));
        Assert.Equal(
            Sources.Manifest.Keywords.Select(keyword => (keyword.Name, keyword.Mask)).Order(),
            Enum.GetValues<KMutexTraceEventParser.Keywords>().Where(keyword => keyword != 0).Select(keyword => (keyword.ToString(), (ulong)keyword)).Order());
    }

    [Theory]
    [MemberData(nameof(Events))]
    public void Each_event_of_the_manifest_is_one_of_the_parser_field_by_field(string name)
    {
        EventDefinition definition = Sources.Manifest.Events.Single(@event => @event.Name == name);
        using EtlFile file = EtlFile.Open(Trace(), "test.etl");
        using TraceEventDispatcher source = EtlTraceEventSource.Open(file);
        KMutexTraceData template = Templates(new KMutexTraceEventParser(source)).Single(template => (uint)template.ID == definition.Id);
        Type data = template.GetType();

        Assert.Equal(typeof(Action<>).MakeGenericType(data), typeof(KMutexTraceEventParser).GetEvent(name)!.EventHandlerType);
        Assert.Equal((Sources.Manifest.TaskOf(definition), Sources.Manifest.OpcodeOf(definition)), ((ushort)template.Task, (byte)template.Opcode));
        Assert.Equal(definition.Task, template.TaskName);
        Assert.Equal(definition.Opcode.Replace("win:", "", StringComparison.Ordinal), template.OpcodeName);
        IReadOnlyList<FieldDefinition> fields = Sources.Manifest.TemplateOf(definition).Fields;
        Assert.Equal(fields.Select(field => field.Name), template.PayloadNames);
        foreach (FieldDefinition field in fields)
        {
            // The one field that the header has by the same name.
            PropertyInfo property = data.GetProperty(field.Name == "PointerSize" ? "PayloadPointerSize" : field.Name)!;
            Assert.Equal(field.Map.Length > 0 ? $"Tracing.Events.{field.Map}" : Types[field.InType].FullName, property.PropertyType.FullName);
        }
    }

    [Fact]
    public void The_parser_has_no_event_that_the_manifest_has_not() =>
        Assert.Equal(Sources.Manifest.Events.Select(@event => @event.Name).Order(), OwnEvents.Select(@event => @event.Name).Order());

    [Theory]
    [MemberData(nameof(Samples))]
    public void What_the_driver_wrote_arrives_with_every_field(string sample)
    {
        string path = Path.Combine(Sources.Root, "samples", sample);
        List<string> expected = [];
        using (EtlFile file = EtlFile.Open(path))
        {
            foreach (EtlRecord record in file.ReadInTimeOrder())
            {
                if (record.ProviderId == KMutexProvider.Id && KMutexEventTable.Find(record.Id) is { } description)
                {
                    StringBuilder line = new(description.Name);
                    EventFieldReader reader = new(description, record.Payload, record.PointerSize);
                    while (reader.MoveNext())
                    {
                        line.Append($" {reader.Current.Field.Name}={Plain(reader.Current)}");
                    }

                    expected.Add(line.ToString());
                }
            }
        }

        List<string> arrived = [];
        using TraceEventDispatcher source = EtlTraceEventSource.Open(path);
        KMutexTraceEventParser parser = new(source);
        SubscribeToAll(parser, (name, data) => arrived.Add(data.PayloadNames.Select((field, i) => $" {field}={Plain(data.PayloadValue(i))}").Prepend(name).Aggregate(string.Concat)));
        Assert.True(source.Process());

        Assert.NotEmpty(arrived);
        Assert.Equal(expected, arrived);
    }

    [Fact]
    public void A_property_reads_its_own_field()
    {
        byte[] payload = new PayloadBytes().U64(7).U64(3).U16(2).U8(1).U64(111).U64(222).U32(9).ToArray();
        MutexAcquiredTraceData? seen = null;
        Process(Trace(payload), parser => parser.MutexAcquired += data => seen = (MutexAcquiredTraceData)data.Clone());

        Assert.NotNull(seen);
        Assert.True(seen.IsWhole);
        Assert.Equal((7UL, 3UL, (ushort)2, 111UL, 222UL, 9U), (seen.MutexId, seen.Sequence, seen.Depth, seen.RequestedAt, seen.AcquiredAt, seen.SiteId));
        Assert.Equal((AcquiredFlags)1, seen.Flags);
        Assert.Equal("Lock/Acquire", seen.EventName);
    }

    [Fact]
    public void A_payload_cut_anywhere_reads_as_nothing()
    {
        byte[] payload = new PayloadBytes().U64(7).U64(3).U16(2).U8(1).U64(111).U64(222).U32(9).ToArray();
        for (int length = 0; length < payload.Length; length++)
        {
            int seen = 0;
            Process(Trace(payload[..length]), parser => parser.MutexAcquired += data =>
            {
                seen++;
                Assert.False(data.IsWhole);
                Assert.Equal((0UL, 0UL, 0U), (data.MutexId, data.AcquiredAt, data.SiteId));
                Assert.Null(data.PayloadValue(0));
                Assert.NotNull(data.ToXml(new StringBuilder()));
            });
            Assert.Equal(1, seen);
        }
    }

    [Fact]
    public void Whatever_a_text_holds_the_XML_is_well_formed()
    {
        const string Label = "a<b> \"&' \u0001\u001b[31m \ud800";
        byte[] payload = new PayloadBytes().U32(5).U32(118).Text(Label).Text("Open").ToArray();
        string? xml = null;
        Process(Trace(payload, id: 5), parser => parser.SiteDefined += data => xml = data.ToXml(new StringBuilder()).ToString());

        XElement element = XElement.Parse(xml!);
        Assert.Equal("a<b> \"&' ��[31m �", element.Attribute("File")!.Value);
        Assert.Equal("118", element.Attribute("Line")!.Value);
    }

    [Fact]
    public void Who_takes_back_a_subscription_gets_nothing_more()
    {
        int seen = 0;
        void Count(MutexAcquiredTraceData data) => seen++;
        Process(Trace([]), parser =>
        {
            parser.MutexAcquired += Count;
            parser.MutexAcquired -= Count;
        });

        Assert.Equal(0, seen);
    }

    [Fact]
    public void Nothing_is_allocated_for_an_event()
    {
        byte[] payload = new PayloadBytes().U64(7).U64(3).U16(2).U8(1).U64(111).U64(222).U32(9).ToArray();
        byte[] few = Trace(payload, count: 1_000);
        byte[] many = Trace(payload, count: 41_000);
        ulong sum = 0;
        long Allocated(byte[] trace)
        {
            long before = 0;
            long after = 0;
            Process(trace, parser => parser.MutexAcquired += data =>
            {
                before = before == 0 ? GC.GetAllocatedBytesForCurrentThread() : before;
                sum += data.MutexId + data.AcquiredAt + data.SiteId;
                after = GC.GetAllocatedBytesForCurrentThread();
            });
            return after - before;
        }

        Allocated(few);
        Assert.InRange(Allocated(many) - Allocated(few), long.MinValue, 40_000);
        Assert.Equal(43_000UL * (7 + 222 + 9), sum);
    }

    private static void Process(byte[] trace, Action<KMutexTraceEventParser> subscribe)
    {
        using EtlFile file = EtlFile.Open(trace, "test.etl");
        using TraceEventDispatcher source = EtlTraceEventSource.Open(file);
        subscribe(new KMutexTraceEventParser(source));
        Assert.True(source.Process());
    }

    private static void SubscribeToAll(KMutexTraceEventParser parser, Action<string, KMutexTraceData> seen)
    {
        foreach (EventInfo @event in OwnEvents)
        {
            Action<KMutexTraceData> handler = data => seen(@event.Name, data);
            @event.AddEventHandler(parser, Delegate.CreateDelegate(@event.EventHandlerType!, handler.Target, handler.Method));
        }
    }

    private static List<KMutexTraceData> Templates(KMutexTraceEventParser parser)
    {
        List<KMutexTraceData> templates = [];
        Action<Microsoft.Diagnostics.Tracing.TraceEvent> callback = template => templates.Add((KMutexTraceData)template);
        typeof(KMutexTraceEventParser).GetMethod("EnumerateTemplates", BindingFlags.NonPublic | BindingFlags.Instance)!.Invoke(parser, [null, callback]);
        return templates;
    }

    private static string Plain(EventFieldValue value) => value.Field.Type switch
    {
        EventFieldType.UnicodeString => value.Text.ToString(),
        EventFieldType.Guid => value.Guid.ToString(),
        _ => value.Number.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    private static string Plain(object? value) => value is Enum ? Convert.ToUInt64(value, System.Globalization.CultureInfo.InvariantCulture).ToString(System.Globalization.CultureInfo.InvariantCulture) : $"{value}";

    private static byte[] Trace(byte[]? payload = null, ushort id = 11, int count = 1)
    {
        using MemoryStream stream = new();
        using EtlWriter writer = new(stream, new EtlWriterOptions { Header = EtlWriterOptions.DefaultHeader with { StartTicks = T, StartTime = 133_000_000_000_000_000 } });
        byte[] records = new byte[writer.MaximumRecordBytes];
        int used = 0;
        long sequence = 0;
        for (int i = 0; i < count; i++)
        {
            EtlEventHeader header = new() { Time = T + 1 + i, ProviderId = KMutexProvider.Id, Id = id };
            if (!EtlEventRecord.TryWrite(records.AsSpan(used), header, payload ?? [], out int written))
            {
                Flush();
                Assert.True(EtlEventRecord.TryWrite(records, header, payload ?? [], out written));
            }

            used += written;
        }

        Flush();
        writer.Complete(new EtlClosing(133_000_000_010_000_000, 0, 0));
        return stream.ToArray();

        void Flush()
        {
            writer.WriteBuffer(new EtlBuffer { Processor = 0, Sequence = ++sequence, Records = records.AsSpan(0, used) });
            used = 0;
        }
    }
}
