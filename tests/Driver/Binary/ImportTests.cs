using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Text;
using System.Text.RegularExpressions;

namespace Tracing.Driver.Tests.Binary;

/// <summary>What kmutex.sys takes from others and offers to them.</summary>
public sealed partial class ImportTests
{
    /// <summary>
    /// What the driver may call: documented DDIs, and the export behind the documented macro IoCompleteRequest.
    /// A new import belongs here only with a page in the DDI reference.
    /// </summary>
    private static readonly string[] Allowed =
    [
        "EtwRegister", "EtwUnregister", "EtwWrite",
        "ExAllocatePool2", "ExFreePoolWithTag", "ExAcquireFastMutex", "ExTryToAcquireFastMutex", "ExReleaseFastMutex",
        "IoCreateDevice", "IoCreateSymbolicLink", "IoDeleteDevice", "IoDeleteSymbolicLink", "IofCompleteRequest",
        "KeAcquireSpinLockRaiseToDpc", "KeReleaseSpinLock",
        "KeBugCheckEx", "KeGetCurrentIrql", "KeGetCurrentProcessorNumberEx", "KeQueryPerformanceCounter", "KeStallExecutionProcessor",
        "KeInitializeDpc", "KeInsertQueueDpc", "KeFlushQueuedDpcs",
        "KeInitializeEvent", "KeClearEvent", "KeSetEvent", "KeDelayExecutionThread",
        "KeInitializeMutex", "KeReadStateMutex", "KeReleaseMutex", "KeWaitForSingleObject",
        "PsCreateSystemThread", "PsGetCurrentThreadId", "PsTerminateSystemThread", "SeSinglePrivilegeCheck", "ZwClose", "ZwWaitForSingleObject",
    ];

    private static readonly SignatureTypeCode[] WholeResults =
    [
        SignatureTypeCode.Void, SignatureTypeCode.Int32, SignatureTypeCode.UInt32, SignatureTypeCode.Int64, SignatureTypeCode.IntPtr,
        SignatureTypeCode.Pointer,
    ];

    private static readonly DriverImage Image = BuiltDriver.Image;

    [Fact]
    public void It_imports_from_the_kernel_alone() => Assert.Equal(["ntoskrnl.exe"], ImportedImages().Select(image => image.Name));

    [Fact]
    public void It_imports_nothing_but_documented_functions() =>
        Assert.Empty(ImportedImages().SelectMany(image => image.Functions).Except(Allowed));

    [Fact]
    public void The_import_library_lists_what_the_driver_declares_and_no_more()
    {
        string definition = Encoding.UTF8.GetString(BuiltDriver.Read("driver/Support/ntoskrnl.def"));
        IEnumerable<string> listed = DefinedName().Matches(definition).Select(match => match.Groups[1].Value);
        using IntermediateCode code = IntermediateCode.Load();

        // The address of the image comes from Support/load-config.s.
        IEnumerable<string> declared = code.Imports.Select(import => import.Name).Where(name => name != "ImageBase");
        Assert.Equal(declared.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    /// <summary>Compiled code trusts all 32 bits of a result, and Windows leaves those above a byte as they were.</summary>
    [Fact]
    public void No_import_is_declared_with_a_result_narrower_than_a_register()
    {
        using IntermediateCode code = IntermediateCode.Load();
        Assert.NotEmpty(code.Imports);
        Assert.All(code.Imports, import => Assert.Contains(import.ReturnType, WholeResults));
    }

    /// <summary>Behind a platform invoke the compiler polls for a collector that is not there.</summary>
    [Fact]
    public void There_is_no_platform_invoke()
    {
        using IntermediateCode code = IntermediateCode.Load();
        Assert.Empty(code.PlatformInvokes);
    }

    [Fact]
    public void It_exports_its_entries_and_what_kmutex_h_declares()
    {
        uint directory = (uint)Image.Optional.ExportTableDirectory.RelativeVirtualAddress;
        uint count = Image.UInt32At(directory + 24);
        uint names = Image.UInt32At(directory + 32);
        IEnumerable<string> exports = Enumerable.Range(0, (int)count).Select(i => Image.TextAt(Image.UInt32At(names + (4 * (uint)i))));
        string header = Encoding.UTF8.GetString(BuiltDriver.Read("driver/include/kmutex.h"));
        IEnumerable<string> declared = DeclaredName().Matches(header).Select(match => match.Groups[1].Value);
        Assert.Equal(declared.Concat(["DllInitialize", "DllUnload", "DriverEntry"]).Order(StringComparer.Ordinal), exports);
    }

    [Fact]
    public void Its_entry_is_the_export_of_that_name()
    {
        uint directory = (uint)Image.Optional.ExportTableDirectory.RelativeVirtualAddress;
        uint index = 0;
        while (Image.TextAt(Image.UInt32At(Image.UInt32At(directory + 32) + (4 * index))) != "DriverEntry")
        {
            index++;
        }

        uint ordinal = Image.UInt32At(Image.UInt32At(directory + 36) + (2 * index)) & 0xFFFF;
        Assert.Equal((uint)Image.Optional.AddressOfEntryPoint, Image.UInt32At(Image.UInt32At(directory + 28) + (4 * ordinal)));
    }

    private static List<(string Name, List<string> Functions)> ImportedImages()
    {
        const uint DescriptorSize = 20;
        List<(string, List<string>)> images = [];
        DirectoryEntry directory = Image.Optional.ImportTableDirectory;
        for (uint at = (uint)directory.RelativeVirtualAddress; Image.UInt32At(at + 12) != 0; at += DescriptorSize)
        {
            List<string> functions = [];
            for (uint entry = Image.UInt32At(at); Image.UInt64At(entry) != 0; entry += 8)
            {
                Assert.Equal(0ul, Image.UInt64At(entry) >> 63);
                functions.Add(Image.TextAt((uint)Image.UInt64At(entry) + 2));
            }

            images.Add((Image.TextAt(Image.UInt32At(at + 12)), functions));
        }

        return images;
    }

    [GeneratedRegex(@"^KMX_API .*?(Kmx\w+)\(", RegexOptions.Multiline)]
    private static partial Regex DeclaredName();

    [GeneratedRegex(@"^    (\w+)\s*$", RegexOptions.Multiline)]
    private static partial Regex DefinedName();
}
