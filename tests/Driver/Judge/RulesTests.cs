using System.Text;
using Tracing.Driver.Tests.Binary;
using Tracing.Driver.Tests.Support;
using Tracing.Host.Kernel;

namespace Tracing.Driver.Tests.Judge;

/// <summary>Each routine states its rule once, with its source, and the page for readers says the same.</summary>
public class RulesTests
{
    private const string Page = "docs/reference/kernel-rules.md";

    /// <summary>Routines behind macros and inline functions: the page has the name that drivers write.</summary>
    private static readonly Dictionary<string, string> Macros = new()
    {
        ["IofCompleteRequest"] = "iocompleterequest",
        ["KfRaiseIrql"] = "keraiseirql",
        ["ObfDereferenceObject"] = "obdereferenceobject",
        ["ObfReferenceObject"] = "obreferenceobject",
        ["ZwClose"] = "ntclose",
    };

    [Fact]
    public void Each_routine_names_the_page_that_bears_its_name()
    {
        using KernelFixture kernel = new();
        foreach (Import import in Exports(kernel))
        {
            Assert.Matches("^(wdm/nf-wdm|ntddk/nf-ntddk|ntifs/nf-ntifs)-[a-z0-9]+$", import.Page);
            Assert.EndsWith("-" + Macros.GetValueOrDefault(import.Name, import.Name.ToLowerInvariant()), import.Page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_the_driver_imports_is_all_judged()
    {
        using KernelFixture kernel = new();
        string[] lines = Encoding.UTF8.GetString(BuiltDriver.Read("driver/Support/ntoskrnl.def")).Split('\n');
        string[] imported = [.. lines.SkipWhile(line => line != "EXPORTS").Skip(1).Select(line => line.Trim()).Where(line => line.Length > 0)];
        Assert.NotEmpty(imported);
        Assert.Empty(imported.Except(Exports(kernel).Select(import => import.Name)));
    }

    [Fact]
    public void The_page_of_rules_says_what_is_judged()
    {
        using KernelFixture kernel = new();
        string table = string.Concat(Exports(kernel).OrderBy(import => import.Name, StringComparer.Ordinal).Select(Row));
        Assert.Contains(table, Encoding.UTF8.GetString(BuiltDriver.Read(Page)), StringComparison.Ordinal);
    }

    private static string Row(Import import)
    {
        IEnumerable<string> failures = import.Failures.Select(failure => failure.IsNamed ? $"`{failure.Name}`" : $"(`{failure.Name}`)");
        return $"| [{import.Name}]({Import.Pages}{import.Page}) | {import.Irql} | {string.Join("; ", import.Rules)} | {string.Join(", ", failures)} |\n";
    }

    /// <summary>All but the routine that the I/O manager puts into a driver object, which nobody imports.</summary>
    private static IEnumerable<Import> Exports(KernelFixture kernel) => Enumerable.Range(0, kernel.Kernel.Imports.Count)
        .Select(index => kernel.Kernel.Imports[index]).Where(import => import.Name != IoImports.InvalidDeviceRequest);
}
