using System.Diagnostics;
using System.Globalization;
using Microsoft.Diagnostics.Tracing;
using Tracing.Analysis.Reading;
using Tracing.Benchmarks;
using Tracing.Etl;
using Tracing.Etl.TraceEvent;
using Tracing.Reports.Html;

// Measures the way from a file to a report on a trace written for the purpose, each step as a ratio to something else in the same run:
// cat for what only moves bytes, TraceEvent for what looks at events. Then what a lock costs in the real driver, as a ratio to the kernel's bare calls.
// usage: Tracing.Benchmarks [EVENTS], 4,000,000 if not given.
long events = args.Length > 0 ? long.Parse(args[0], CultureInfo.InvariantCulture) : 4_000_000;
string folder = Directory.CreateTempSubdirectory("kmutex-bench").FullName;
try
{
    string plain = Path.Combine(folder, "plain.etl");
    string packed = Path.Combine(folder, "packed.etl");
    SyntheticTrace.Write(plain, events, compress: false);
    SyntheticTrace.Write(packed, events, compress: true);
    long bytes = new FileInfo(plain).Length;
    long packedBytes = new FileInfo(packed).Length;
    const int Runs = 3;

    Measured cat = Measured.Best("cat FILE >/dev/null", bytes, Runs, () => Cat(plain));
    Measured census = Measured.Best("walk and count by provider and id", bytes, Runs, () => Census(plain));
    Measured packedCensus = Measured.Best("the same, compressed (bytes are of plain)", bytes, Runs, () => Census(packed));
    Measured timeline = Measured.Best("time-ordered stream", bytes, Runs, () => Timeline(plain));
    Measured bridge = Measured.Best("TraceEvent over the bridge, no parser", bytes, Runs, () => Bridge(plain));
    Measured analysis = Measured.Best("from file to finished report", bytes, Runs, () => Analyse(plain));
    long pageBytes = 0;
    Measured page = Measured.Best("the same with the HTML page", bytes, Runs, () => WritePage(plain, out pageBytes));

    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{events:N0} events, {bytes / 1e6:N0} MB, compressed {packedBytes / 1e6:N0} MB, {Environment.ProcessorCount} processors, best of {Runs}"));
    Console.WriteLine(cat.Line(cat));
    Console.WriteLine(census.Line(cat));
    Console.WriteLine(packedCensus.Line(census));
    Console.WriteLine(timeline.Line(bridge));
    Console.WriteLine(bridge.Line(timeline));
    Console.WriteLine(analysis.Line(bridge));
    Console.WriteLine(page.Line(analysis));
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"The page is {pageBytes / 1e6:N2} MB and took {(page.Elapsed - analysis.Elapsed).TotalSeconds:N2} s more."));
    LockCost.Print(folder);
}
finally
{
    Directory.Delete(folder, recursive: true);
}

static long Cat(string path)
{
    if (OperatingSystem.IsWindows())
    {
        using FileStream input = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        input.CopyTo(Stream.Null, 1 << 17);
        return 0;
    }

    using Process shell = Process.Start("/bin/sh", ["-c", "exec cat \"$0\" >/dev/null", path]);
    shell.WaitForExit();
    return 0;
}

static long Census(string path)
{
    using EtlFile file = EtlFile.Open(path);
    return file.TakeCensus().Records;
}

static long Timeline(string path)
{
    using EtlFile file = EtlFile.Open(path);
    long records = 0;
    foreach (EtlRecord record in file.ReadInTimeOrder())
    {
        records += record.Time > 0 ? 1 : 0;
    }

    return records;
}

static long Bridge(string path)
{
    using TraceEventDispatcher source = EtlTraceEventSource.Open(path);
    long records = 0;
    source.AllEvents += _ => records++;
    source.Process();
    return records;
}

static long Analyse(string path)
{
    using EtlFile file = EtlFile.Open(path);
    return TraceReader.Read(file).Trace.EventsRead;
}

static long WritePage(string path, out long pageBytes)
{
    using EtlFile file = EtlFile.Open(path);
    using var page = new MemoryStream();
    var report = TraceReader.Read(file, ReadingOptions.Default with { Timeline = true }, null);
    HtmlReport.Write(report, page);
    pageBytes = page.Length;
    return report.Trace.EventsRead;
}
