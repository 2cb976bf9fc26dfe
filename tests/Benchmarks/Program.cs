using System.Globalization;
using Tracing.Benchmarks;

// usage: bench [EVENTS]        speed of each step from a file to a report, as ratios to each other (1,000,000 events if not given), and what a lock costs
//        bench large [EVENTS]  memory over a file of 10 GB (80,000,000 events if not given), which is deleted afterwards
bool isLarge = args is ["large", ..];
bool isLocks = args is ["locks", ..];
string[] rest = isLarge || isLocks ? args[1..] : args;
long events = rest.Length > 0 ? long.Parse(rest[0], CultureInfo.InvariantCulture) : isLarge ? 80_000_000 : 1_000_000;
string folder = Directory.CreateTempSubdirectory("kmutex-bench").FullName;
try
{
    if (isLarge)
    {
        MemoryTable.Print(folder, events);
    }
    else if (isLocks)
    {
        AnalysisCost.Print(folder, events);
    }
    else
    {
        SpeedTable.Print(folder, events);
        Console.WriteLine();
        LockCost.Print(folder);
        AnalysisCost.Print(folder, events);
    }
}
finally
{
    Directory.Delete(folder, recursive: true);
}
