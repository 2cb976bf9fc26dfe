using System.Diagnostics;
using Tracing.Fuzz;
using Tracing.Fuzz.Running;
using Xunit.MicrosoftTestingPlatform;

// Without the word 'fuzz' it is a test project like any other; with it, a run as long as one likes: ./build.sh fuzz 300
if (args is not ["fuzz", .. string[] rest])
{
    return await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions);
}

FuzzOptions options;
try
{
    options = FuzzOptions.Parse(rest);
}
catch (FormatException)
{
    Console.Error.WriteLine(FuzzOptions.Usage);
    return 1;
}

IReadOnlyList<FuzzTarget> targets = [.. FuzzTarget.All.Where(target => options.Targets.Count == 0 || options.Targets.Contains(target.Name))];
if (targets.Count < Math.Max(1, options.Targets.Count))
{
    Console.Error.WriteLine($"The targets are: {string.Join(", ", FuzzTarget.All.Select(target => target.Name))}");
    return 1;
}

string folder = Directory.CreateDirectory(Path.Combine("artifacts", "fuzz")).FullName;
using Watchdog watchdog = new(Path.Combine(folder, $"reading-{Environment.ProcessId}.txt"));
int findings = 0;
long inputs = 0;
foreach (FuzzTarget target in targets)
{
    FuzzRun run = new(target);
    long started = Stopwatch.GetTimestamp();
    run.Run(options, watchdog);
    Console.WriteLine(run.Summary(Stopwatch.GetElapsedTime(started)));
    foreach (Finding finding in run.Findings)
    {
        Console.WriteLine(finding);
        File.WriteAllBytes(Path.Combine(folder, $"{finding.Target}-{finding.Number}.bin"), finding.Input);
    }

    findings += run.Findings.Count;
    inputs += run.Inputs;
}

Console.WriteLine($"{inputs:N0} inputs, {findings} findings");
return findings == 0 ? 0 : 2;
