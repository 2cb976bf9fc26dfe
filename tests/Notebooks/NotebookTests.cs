using System.Text.Json;
using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.Data.Analysis;

namespace Tracing.Notebooks.Tests;

/// <summary>Every code cell of the notebook is compiled and executed, in order, by the compiler that notebooks use.</summary>
public sealed class NotebookTests
{
    private static readonly string Root = FindRoot();

    [Fact]
    public async Task The_notebook_runs_from_top_to_bottom()
    {
        ScriptOptions options = ScriptOptions.Default
            .WithReferences(typeof(DataFrame).Assembly, typeof(Etl.EtlFile).Assembly, typeof(Analysis.Reading.TraceReader).Assembly, typeof(Reports.Model.LockReport).Assembly, typeof(Reports.DataFrames.ReportDataFrames).Assembly)
            .WithImports("System", "System.Linq", "System.Collections.Generic");
        ScriptState<object>? state = null;
        foreach (string cell in Cells())
        {
            // What notebooks load by #r is loaded here; paths there are relative to the notebook.
            string code = string.Join('\n', cell.Split('\n').Where(line => !line.StartsWith("#r ", StringComparison.Ordinal)))
                .Replace("../../samples", Path.Combine(Root, "samples").Replace('\\', '/'), StringComparison.Ordinal);
            state = state is null
                ? await CSharpScript.RunAsync<object>(code, options, cancellationToken: TestContext.Current.CancellationToken)
                : await state.ContinueWithAsync<object>(code, cancellationToken: TestContext.Current.CancellationToken);
        }

        var report = (Reports.Model.LockReport)state!.GetVariable("report").Value;
        Assert.Equal(report.Mutexes.Count(mutex => mutex.Acquires > 0), ((DataFrame)state.GetVariable("used").Value).Rows.Count);
        Assert.IsType<DataFrame>(state.ReturnValue);
    }

    [Fact]
    public void What_it_loads_is_what_the_build_makes()
    {
        foreach (string line in Cells().SelectMany(cell => cell.Split('\n')).Where(line => line.StartsWith("#r \"../../", StringComparison.Ordinal)))
        {
            string project = Path.Combine(Root, "docs", "notebooks", line.Split('"')[1].Split("/bin/")[0]);
            Assert.NotEmpty(Directory.GetFiles(project, "*.csproj"));
        }
    }

    private static IEnumerable<string> Cells()
    {
        using var notebook = JsonDocument.Parse(File.ReadAllText(Path.Combine(Root, "docs", "notebooks", "locks.ipynb")));
        return [.. notebook.RootElement.GetProperty("cells").EnumerateArray().Where(cell => cell.GetProperty("cell_type").GetString() == "code")
            .Select(cell => string.Concat(cell.GetProperty("source").EnumerateArray().Select(line => line.GetString())))];
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Tracing.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No Tracing.sln above {AppContext.BaseDirectory}: the tests run from a build inside the checkout.");
    }
}
