using System.Globalization;
using Tracing.Analysis.Reading;
using Tracing.Etl;
using Tracing.Reports.Model;

namespace Tracing.Benchmarks;

/// <summary>What the whole analysis costs per lock event, from the file to the finished model, for the usual trace and for two that are made to hurt.</summary>
internal static class AnalysisCost
{
    private static readonly int Runs = int.Parse(Environment.GetEnvironmentVariable("RUNS") ?? "3", CultureInfo.InvariantCulture);

    /// <summary>Prints a line per trace; the ratios of the last two are to the usual one, per event of processor time.</summary>
    public static void Print(string folder, long events)
    {
        Console.WriteLine();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Analysis of about {events:N0} lock events, waits divided over holds"));
        double usual = 0;
        foreach (LockTrace trace in new[] { LockTrace.Usual, LockTrace.Convoy, LockTrace.Many }.Where(t => Environment.GetEnvironmentVariable("ONLY") is not string o || t.Name.Contains(o)))
        {
            string path = Path.Combine(folder, "locks.etl");
            long written = trace.Write(path, events);
            LockReport? report = null;
            var run = new Measured(trace.Name, new FileInfo(path).Length, () =>
            {
                report = null;
                using EtlFile file = EtlFile.Open(path);
                report = TraceReader.Read(file);
                return written;
            });
            Measured.Run(Runs, run);
            double each = run.ProcessorNanosecondsEach;
            usual = usual == 0 ? each : usual;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{run.Line}, {each / usual:N2} x usual, {report!.Blame.Waits:N0} waits, {100.0 * report.Blame.UnknownTicks / Math.Max(1, report.Blame.WaitTicks):N1} % of their time unknown, {GC.GetTotalMemory(forceFullCollection: true) / 1e6:N0} MB live"));
            File.Delete(path);
        }
    }
}
