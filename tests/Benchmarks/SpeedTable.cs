using System.Globalization;

namespace Tracing.Benchmarks;

/// <summary>The way from a file to a report, step by step, and how it stands to the bounds that the project sets itself.</summary>
internal static class SpeedTable
{
    // The first dozens are slow: code is compiled anew once it is known to be used, and that takes its time.
    private const int Rounds = 40;

    public static void Print(string folder, long events)
    {
        string plain = Path.Combine(folder, "plain.etl");
        string packed = Path.Combine(folder, "packed.etl");
        string wide = Path.Combine(folder, "wide.etl");
        SyntheticTrace.Write(plain, events, compress: false);
        SyntheticTrace.Write(packed, events, compress: true);
        long bytes = new FileInfo(plain).Length;
        WideTrace.Write(wide, bytes);

        using TraceEventFloor alone = new(plain, events);
        Measured cat = new("cat FILE >/dev/null", bytes, () => Passes.Cat(plain));
        Measured census = new("walk and count by provider and id", bytes, () => Passes.Census(plain));
        Measured packedCensus = new("the same, compressed; bytes are decompressed ones", bytes, () => Passes.Census(packed));
        Measured wideCat = new("cat FILE >/dev/null, large records", bytes, () => Passes.Cat(wide));
        Measured wideCensus = new("walk and count, large records", bytes, () => Passes.Census(wide));
        Measured timeline = new("time-ordered stream", bytes, () => Passes.Timeline(plain));
        Measured floor = new("TraceEvent alone, one block again and again", bytes, alone.Run);
        Measured bridge = new("TraceEvent over the bridge, no parser", bytes, () => Passes.Bridge(plain));
        Measured report = new("from file to finished report", bytes, () => Passes.Report(plain));
        Measured page = new("the same with the HTML page", bytes, () => Passes.Page(plain));
        Measured[] all = [cat, census, packedCensus, wideCat, wideCensus, timeline, floor, bridge, report, page];
        Measured.Run(Rounds, all);

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{events:N0} events, {bytes / 1e6:N0} MB, compressed {new FileInfo(packed).Length / 1e6:N0} MB, {Environment.ProcessorCount} processors, best of {Rounds}"));
        Array.ForEach(all, one => Console.WriteLine(one.Line));
        Console.WriteLine();
        Bound("walk and count, M records/s", census.MillionsPerSecond, 40);
        Bound("walk and count, large records, speed of cat", wideCensus.SpeedOf(wideCat), 0.8);
        Bound("walk and count, small records, speed of cat", census.SpeedOf(cat), null);
        Bound("walk and count, compressed, GB/s decompressed", packedCensus.GigabytesPerSecond, 1.5);
        Bound("time-ordered stream, M records/s", timeline.MillionsPerSecond, 20);
        Bound("bridge, M events/s", bridge.MillionsPerSecond, 5.6);
        Bound("bridge, speed of the time-ordered stream", bridge.SpeedOf(timeline), 0.6);
        Bound("bridge, speed of TraceEvent alone", bridge.SpeedOf(floor), null);
        Bound("report, speed of the bridge", report.SpeedOf(bridge), null);
        Bound("report with its page, speed of the report", page.SpeedOf(report), null);
    }

    private static void Bound(string name, double value, double? atLeast) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{name,-50} {value,8:N2}{(atLeast is { } bound ? $"   at least {bound:0.0#}: {(value >= bound ? "yes" : "NO")}" : "")}"));
}
