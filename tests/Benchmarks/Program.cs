using System.Globalization;
using Tracing.Benchmarks;

// usage: bench [EVENTS]        speed of each step from a file to a report, as ratios to each other (1,000,000 events if not given), and what a lock costs
//        bench locks [EVENTS]  the analysis of lock events alone: with a tenth of so many, and with all (100,000,000 if not given: a file of 12 GB, deleted afterwards)
//        bench long [EVENTS]   whether the time of that analysis goes on growing with the events (1,000,000,000 if not given: a compressed file of 22 GB, deleted afterwards)
//        bench large [EVENTS]  memory over a file of 10 GB (80,000,000 events if not given), which is deleted afterwards
string what = args is ["large" or "locks" or "long", ..] ? args[0] : "";
string[] rest = args[(what.Length == 0 ? 0 : 1)..];
long events = rest.Length > 0 ? long.Parse(rest[0], CultureInfo.InvariantCulture) : what switch { "large" => 80_000_000, "locks" => 100_000_000, "long" => 1_000_000_000, _ => 1_000_000 };
string folder = Directory.CreateTempSubdirectory("kmutex-bench").FullName;
try
{
    switch (what)
    {
        case "large":
            MemoryTable.Print(folder, events);
            break;
        case "locks":
            AnalysisCost.PrintScale(folder, events);
            break;
        case "long":
            AnalysisCost.PrintLength(folder, events);
            break;
        default:
            SpeedTable.Print(folder, events);
            Console.WriteLine();
            LockCost.Print(folder);
            AnalysisCost.Print(folder, events);
            break;
    }
}
finally
{
    Directory.Delete(folder, recursive: true);
}
