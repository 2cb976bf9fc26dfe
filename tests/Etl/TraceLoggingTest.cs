using System.Globalization;
using System.Text;
using Microsoft.Diagnostics.Tracing;
using Tracing.Etl.TraceEvent;
using Event = Microsoft.Diagnostics.Tracing.TraceEvent;

namespace Tracing.Etl.Tests;

/// <summary>TraceLogging events, which carry their own schema, arrive in TraceEvent with names and fields without Windows' help.</summary>
public sealed class TraceLoggingTest
{
    [Fact]
    public void Kinds_of_one_provider_are_told_apart_by_name_and_have_their_fields()
    {
        byte[] first = Record(1, "First", [("Number", [8]), ("Text", [1])], [5, 0, 0, 0, (byte)'h', 0, (byte)'i', 0, 0, 0]);
        byte[] second = Record(2, "Second", [("Flag", [0x84, 3]), ("Wide", [10]), ("Bytes", [2])], [1, 7, 0, 0, 0, 0, 0, 0, 0, (byte)'x', 0]);
        Assert.Equal(
            ["A.Provider/First Number=5 Text=hi", "A.Provider/Second Flag=True Wide=7 Bytes=x", "A.Provider/First Number=5 Text=hi"],
            Read(Traces.Write([(0, 1, [.. first, .. second, .. Record(3, "First", [("Number", [8]), ("Text", [1])], [5, 0, 0, 0, (byte)'h', 0, (byte)'i', 0, 0, 0])])])));
    }

    [Fact]
    public void Fields_after_one_that_is_not_read_are_left_out()
    {
        byte[] record = Record(1, "Partial", [("Number", [6]), ("Custom", [0x66]), ("Lost", [6])], [9, 0, 1, 0, 3, 0, 4, 0]);
        Assert.Equal(["A.Provider/Partial Number=9"], Read(Traces.Write([(0, 1, record)])));
    }

    [Fact]
    public void Arrays_of_fixed_and_of_variable_length_have_their_elements()
    {
        byte[] record = Record(
            1, "Arrays", [("Fixed", [0x26, 3, 0]), ("Variable", [0x47]), ("Empty", [0x46]), ("After", [6])],
            [1, 0, 2, 0, 3, 0, /* count */ 2, 0, 10, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, /* count */ 0, 0, 7, 0]);
        Assert.Equal(["A.Provider/Arrays Fixed=[1,2,3] Variable=[10,-1] Empty=[] After=7"], Read(Traces.Write([(0, 1, record)])));
    }

    [Fact]
    public void A_structure_has_its_members_and_what_comes_after_it_is_not_lost()
    {
        byte[] record = Record(1, "Nested", [("Point", [0x98, 2]), ("X", [6]), ("Y", [6]), ("After", [8])], [1, 0, 2, 0, 9, 0, 0, 0]);
        Assert.Equal(["A.Provider/Nested Point={ X:1, Y:2 } After=9"], Read(Traces.Write([(0, 1, record)])));
    }

    [Fact]
    public void Structures_can_be_in_arrays_and_in_structures()
    {
        byte[] record = Record(
            1, "Deep", [("Outer", [0x98, 2]), ("Inner", [0x98, 1]), ("A", [6]), ("B", [6]), ("Points", [0xD8, 2]), ("X", [6]), ("Y", [6]), ("After", [6])],
            [1, 0, 2, 0, /* count */ 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0]);
        Assert.Equal(
            ["A.Provider/Deep Outer={ Inner:{ A:1 }, B:2 } Points=[{ X:3, Y:4 },{ X:5, Y:6 }] After=7"],
            Read(Traces.Write([(0, 1, record)])).Select(line => line.Replace("\"", "", StringComparison.Ordinal)));
    }

    [Fact]
    public void Binary_data_has_its_bytes()
    {
        byte[] record = Record(1, "Binary", [("Data", [14]), ("After", [6])], [3, 0, 0xAA, 0xBB, 0xCC, 5, 0]);
        Assert.Equal(["A.Provider/Binary Data=[170,187,204] After=5"], Read(Traces.Write([(0, 1, record)])));
    }

    [Fact]
    public void A_schema_that_is_cut_leaves_the_event_without_a_name_and_is_no_error()
    {
        byte[] schema = Schema("Cut", [("Number", [8])]);
        for (int length = 0; length < schema.Length; length++)
        {
            byte[] items = RecordBytes.Items((12, Traits()), (11, schema[..length]));
            byte[] record = RecordBytes.Event(Traces.StartTicks + 1, Traces.Provider, 0, [1, 0, 0, 0], items);
            using EtlFile file = Traces.Open(Traces.Write([(0, 1, record)]));
            using TraceEventDispatcher source = EtlTraceEventSource.Open(file);
            int events = 0;
            source.Dynamic.All += _ => { };
            source.AllEvents += e => events += e.ProviderGuid == Traces.Provider ? 1 : 0;
            source.Process();
            Assert.Equal(1, events);
        }
    }

    [Fact]
    public void An_array_larger_than_a_record_can_be_ends_the_fields()
    {
        byte[] record = Record(1, "Huge", [("Number", [8]), ("Array", [0x28, 0x7A, 0x8E])], [7, 0, 0, 0]);
        Assert.Equal(["A.Provider/Huge Number=7"], Read(Traces.Write([(0, 1, record)])));
    }

    [Fact]
    public void The_fields_of_a_real_trace_are_those_of_its_baseline()
    {
        using EtlFile file = EtlFile.Open(RealTraces.PathOf("primitive-types.etl"));
        List<string> events = Read(file, new Guid("d3dd3dd4-aac2-4e2a-8dd4-a8fb61b77615"));

        // From the published baseline, made on Windows.
        Assert.Equal(5, events.Count);
        Assert.StartsWith(
            "solar_system/PrimitiveTypesTest string_type=Mercury boolean_type=False char_type=77 int16_type=-51 int32_type=-102 uint16_type=51 uint32_type=102 int64_type=-204 uint64_type=204 guid_type=0ad614c4-0ef4-4225-8",
            events[0],
            StringComparison.Ordinal);
        Assert.StartsWith("solar_system/PrimitiveTypesTest string_type=Jupiter boolean_type=True char_type=74 int16_type=-69", events[4], StringComparison.Ordinal);
    }

    private static List<string> Read(byte[] trace)
    {
        using EtlFile file = Traces.Open(trace);
        return Read(file, Traces.Provider);
    }

    private static List<string> Read(EtlFile file, Guid provider)
    {
        List<string> events = [];
        using TraceEventDispatcher source = EtlTraceEventSource.Open(file);
        source.Dynamic.All += e =>
        {
            if (e.ProviderGuid == provider)
            {
                events.Add($"{e.ProviderName}/{e.EventName} {string.Join(' ', e.PayloadNames.Select((name, i) => $"{name}={Value(e, i)}"))}");
            }
        };
        source.Process();
        return events;
    }

    private static string Value(Event e, int index) => e.PayloadValue(index) switch
    {
        System.Collections.IEnumerable elements and not string and not IDictionary<string, object> => $"[{string.Join(',', elements.Cast<object>())}]",
        IDictionary<string, object> members => $"{{ {string.Join(", ", members.Select(member => $"{member.Key}:{member.Value}"))} }}",
        object value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
        null => "",
    };

    private static byte[] Record(long time, string name, (string Name, byte[] Types)[] fields, byte[] payload) =>
        RecordBytes.Event(Traces.StartTicks + time, Traces.Provider, 0, payload, RecordBytes.Items((12, Traits()), (11, Schema(name, fields))));

    private static byte[] Schema(string name, (string Name, byte[] Types)[] fields) =>
        Sized([0, .. Name(name), .. fields.SelectMany(field => (byte[])[.. Name(field.Name), .. field.Types])]);

    private static byte[] Traits() => Sized(Name("A.Provider"));

    private static byte[] Name(string name) => [.. Encoding.UTF8.GetBytes(name), 0];

    private static byte[] Sized(byte[] bytes) => [(byte)(bytes.Length + 2), 0, .. bytes];
}
