using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Tracing.Etl;
using Tracing.Reports.Wording;

namespace Tracing.Cli;

/// <summary><c>kmutex info</c>: what a trace is, whatever providers it holds.</summary>
internal static class InfoCommand
{
    private const int SchemaVersion = 1;

    public static Command Create(Session session)
    {
        var file = new Argument<string>("FILE") { Description = "The trace: an .etl file of any provider." };
        var json = new Option<bool>("--json") { Description = "Write JSON instead of text." };
        var command = new Command("info", "What a trace is: its session, clock and losses, and how many events it has of which provider.") { file, json };
        command.SetAction(arguments => Failures.Guard(session, () => Run(session, arguments.GetRequiredValue(file), arguments.GetValue(json))));
        return command;
    }

    private static int Run(Session session, string path, bool json)
    {
        using EtlFile file = Failures.OpenTrace(path);
        EtlCensus census = file.TakeCensus(session.Cancellation);
        Warnings.OfFile(session, file);
        if (json)
        {
            WriteJson(file, census, session.Output);
        }
        else
        {
            using var text = Session.TextInto(session.Output);
            WriteText(file, census, text);
        }

        return ExitCode.Fine;
    }

    private static IEnumerable<EtlProviderCount> Sorted(EtlCensus census) =>
        census.Providers.OrderByDescending(provider => provider.Records).ThenBy(provider => provider.ProviderId.ToString(), StringComparer.Ordinal);

    private static void WriteJson(EtlFile file, EtlCensus census, Stream output)
    {
        EtlHeader header = file.Header;
        using var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true, NewLine = "\n" });
        json.WriteStartObject();
        json.WriteNumber("schemaVersion", SchemaVersion);
        json.WriteString("file", file.Path);
        json.WriteNumber("bytes", file.Length);
        json.WriteNumber("records", census.Records);
        json.WriteNumber("buffers", file.BufferCount);
        json.WriteNumber("bufferSize", header.BufferSize);
        json.WriteNumber("eventsLost", header.EventsLost);
        json.WriteNumber("buffersLost", header.BuffersLost);
        json.WriteNumber("cpus", header.ProcessorCount);
        json.WriteString("osBuild", OsBuild(header));
        json.WriteNumber("pointerSize", header.PointerSize);
        json.WriteString("loggerName", header.LoggerName);
        json.WriteString("logFileName", header.LogFileName);
        json.WriteString("logFileMode", string.Create(CultureInfo.InvariantCulture, $"0x{(uint)header.LogFileMode:x8}"));
        json.WriteString("startUtc", header.StartTimeUtc);
        if (header.EndTimeUtc is DateTime end)
        {
            json.WriteString("endUtc", end);
        }
        else
        {
            json.WriteNull("endUtc");
        }

        json.WriteStartObject("clock");
        json.WriteString("type", header.ClockType.ToString());
        json.WriteNumber("frequency", file.Clock.Frequency);
        json.WriteNumber("startTicks", file.Clock.StartTicks);
        json.WriteEndObject();
        json.WriteNumber("durationNs", DurationNs(file, census));

        json.WriteStartArray("providers");
        foreach (EtlProviderCount provider in Sorted(census))
        {
            json.WriteStartObject();
            json.WriteString("guid", provider.ProviderId);
            if (ProviderNames.Find(provider.ProviderId) is string name)
            {
                json.WriteString("name", name);
            }

            json.WriteNumber("events", provider.Records);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("oddities");
        foreach (EtlOddity oddity in file.Oddities)
        {
            json.WriteStartObject();
            json.WriteString("kind", oddity.Kind.ToString());
            json.WriteNumber("count", oddity.Count);
            json.WriteNumber("firstOffset", oddity.FirstOffset);
            json.WriteNumber("bytesNotRead", oddity.Bytes);
            json.WriteBoolean("note", oddity.IsNote);
            json.WriteString("sentence", oddity.Sentence);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }

    private static void WriteText(EtlFile file, EtlCensus census, TextWriter text)
    {
        EtlHeader header = file.Header;
        Line("file", SafeText.Escape(file.Path));
        Line("size", Invariant($"{file.Length:N0} bytes in {file.BufferCount:N0} buffers of {header.BufferSize:N0}"));
        Line("records", Invariant($"{census.Records:N0}"));
        Line("lost", Invariant($"{header.EventsLost:N0} events, {header.BuffersLost:N0} buffers"));
        Line("session", Invariant($"\"{SafeText.Escape(header.LoggerName)}\", mode 0x{(uint)header.LogFileMode:x8}"));
        Line("system", Invariant($"Windows {OsBuild(header)}, {header.ProcessorCount} CPUs, {header.PointerSize * 8}-bit"));
        Line("start", Invariant($"{header.StartTimeUtc:yyyy-MM-dd HH:mm:ss.fffffff} UTC"));
        Line("end", header.EndTimeUtc is DateTime end ? Invariant($"{end:yyyy-MM-dd HH:mm:ss.fffffff} UTC") : "never closed");
        Line("duration", HumanDuration.Format(DurationNs(file, census)));
        Line("clock", Invariant($"{header.ClockType}, {file.Clock.Frequency:N0} Hz"));
        text.WriteLine();
        text.WriteLine("      events  provider");
        foreach (EtlProviderCount provider in Sorted(census))
        {
            string guid = provider.ProviderId.ToString();
            text.WriteLine(Invariant($"{provider.Records,12:N0}  {guid}  {ProviderNames.Find(provider.ProviderId)}").TrimEnd());
        }

        foreach (EtlOddity oddity in file.Oddities)
        {
            text.WriteLine();
            text.WriteLine($"{(oddity.IsNote ? "note" : "damage")}: {oddity.Sentence}");
        }

        void Line(string name, string value) => text.WriteLine($"{name,-10}{value}");
    }

    private static long DurationNs(EtlFile file, EtlCensus census) =>
        Math.Max(0, file.Clock.DurationToNanoseconds(Math.Max(0, census.LastTime - file.Clock.StartTicks)));

    private static string OsBuild(EtlHeader header) => Invariant($"{header.OsMajorVersion}.{header.OsMinorVersion}.{header.OsBuild}");

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
