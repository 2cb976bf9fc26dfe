
namespace Tracing.Etl.Tests;

/// <summary>Traces recorded on real Windows machines. They are no part of the project; a test that needs them is skipped where they are not.</summary>
internal static class RealTraces
{
    private const string Variable = "KMUTEX_REAL_TRACES";

    /// <summary>Record and lost event counts as published with the traces: every record up to the end of its buffer, the header buffer included.</summary>
    public static TheoryData<string, long, uint> Counts => new()
    {
        { "net.4.5.2.x64.etl", 179_474, 0 },
        { "gcevents.etl", 71, 0 },
        { "primitive-types.etl", 7, 0 },
        { "SelfDescribingSingleEvent.etl", 22, 0 },
        { "ShutdownPerfDiagLogger.etl", 17_078, 0 },
        { "AMSITrace.etl", 21, 3 },
        { "lxcore_kernel.etl", 4, 0 },
        { "WindowsUpdate.20251008.140245.443.8.etl", 82, 41 },
    };

    public static TheoryData<string> Names => [.. Counts.Select(row => row.Data.Item1)];

    /// <summary>The path of a trace; ends the test as skipped if it is not there.</summary>
    public static string PathOf(string name)
    {
        string folder = Environment.GetEnvironmentVariable(Variable) ?? Path.Combine(RepositoryRoot(), "..", "shared", "etl");
        string path = Path.Combine(folder, name);
        Assert.SkipUnless(File.Exists(path), $"The real trace {name} is not at {Path.GetFullPath(folder)}; set {Variable} to the folder that has it.");
        return path;
    }

    // The build maps source paths, so that the running program's own place is what leads to the repository.
    public static string RepositoryRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Tracing.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? AppContext.BaseDirectory;
    }
}
