using System.Text;
using Tracing.Analyzer.Tests.Files;
using Tracing.Etl;
using Tracing.Etl.Kernel;
using Tracing.Etl.Tests;
using Tracing.Symbols;

namespace Tracing.Analyzer.Tests.Symbols;

/// <summary>Which image lay over an address, of which process and when, and what it and its functions are called.</summary>
public sealed class ImageMapTests : IDisposable
{
    private const long T = TraceBuilder.StartTicks;
    private const ulong Base = 0xFFFF_F800_1000_0000;
    private static readonly Guid ImageId = new("b3e675d7-2554-4f18-830b-2762732560de");
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kmutex-test-");

    [Fact]
    public void A_driver_is_in_every_process_and_a_library_only_in_its_own()
    {
        ImageMap map = Map(
            (T, Image(KernelHook.ImageRundownStart, 0, Base, 0x5000, @"\SystemRoot\drivers\kmutex.sys")),
            (T, Image(KernelHook.ImageRundownStart, 44, 0x7FF0_0000, 0x1000, @"C:\app\one.dll")));

        Assert.Equal("kmutex.sys", map.Find(44, Base + 0x4FFF, T)!.FileName);
        Assert.Null(map.Find(44, Base + 0x5000, T));
        Assert.Null(map.Find(44, Base - 1, T));
        Assert.Equal("one.dll", map.Find(44, 0x7FF0_0000, T)!.FileName);
        Assert.Null(map.Find(45, 0x7FF0_0000, T));
    }

    [Fact]
    public void An_address_that_was_used_again_is_named_by_the_time()
    {
        ImageMap map = Map(
            (T + 10, Image(KernelHook.ImageLoad, 0, Base, 0x1000, "one.sys")), (T + 20, Image(KernelHook.ImageUnload, 0, Base, 0x1000, "one.sys")),
            (T + 30, Image(KernelHook.ImageLoad, 0, Base, 0x1000, "two.sys")), (T + 90, Image(KernelHook.ImageRundownEnd, 0, Base, 0x1000, "two.sys")));

        Assert.Equal(
            [null, "one.sys", "one.sys", null, "two.sys", "two.sys"],
            new[] { 9, 10, 19, 20, 30, 99 }.Select(at => map.Find(0, Base, T + at)?.FileName));
    }

    [Fact]
    public void An_image_known_only_from_the_end_was_there_all_along() =>
        Assert.Equal("late.sys", Map((T + 90, Image(KernelHook.ImageRundownEnd, 0, Base, 0x1000, "late.sys"))).Find(0, Base, T)!.FileName);

    [Fact]
    public void Images_that_overlap_are_all_found()
    {
        ImageMap map = Map(
            (T, Image(KernelHook.ImageLoad, 0, 0x1000, 0x9000, "large.sys")), (T, Image(KernelHook.ImageLoad, 0, 0x2000, 0x100, "small.sys")));

        Assert.Equal(("small.sys", "large.sys"), (map.Find(0, 0x2000, T)!.FileName, map.Find(0, 0x2100, T)!.FileName));
    }

    [Fact]
    public void A_merged_trace_says_which_database_to_take_and_another_is_not_taken()
    {
        PdbBuilder builder = new PdbBuilder().Public("Work", 1, 0x100);
        File.WriteAllBytes(Path.Combine(_folder.FullName, "kmutex.pdb"), builder.Build());
        (long, byte[]) image = (T, Image(KernelHook.ImageRundownStart, 0, Base, 0x5000, "kmutex.sys"));
        (long, byte[]) Debug(Guid signature) =>
            (T, RecordBytes.Full(T, ImageId, 36, [.. BitConverter.GetBytes(Base), .. new byte[4], .. signature.ToByteArray(), .. BitConverter.GetBytes(1), .. @"D:\build\kmutex.pdb"u8, 0]));

        SymbolFolder folder = new([_folder.FullName]);
        Assert.Equal("kmutex!Work+0x8", new AddressNamer(Map(image, Debug(builder.Signature)), folder).Name(4, Base + 0x1108, T));
        Assert.Empty(folder.Problems);
        Assert.Equal("kmutex+0x1108", new AddressNamer(Map(image, Debug(Guid.Empty)), folder).Name(4, Base + 0x1108, T));
        Assert.Contains("not used", Assert.Single(folder.Problems), StringComparison.Ordinal);
        Assert.Equal("kmutex+0x1108", new AddressNamer(Map(image), folder).Name(4, Base + 0x1108, T));
        Assert.Equal("0x10", new AddressNamer(Map(image), folder).Name(4, 0x10, T));
    }

    [Theory]
    [InlineData(@"..\..\kmutex.pdb", true)]
    [InlineData("../kmutex.pdb", true)]
    [InlineData("..", false)]
    [InlineData("a:kmutex.pdb", false)]
    public void A_name_out_of_the_trace_never_leads_out_of_the_folder(string name, bool isFound)
    {
        PdbBuilder builder = new PdbBuilder().Public("Work", 1, 0x100);
        File.WriteAllBytes(Path.Combine(_folder.FullName, "kmutex.pdb"), builder.Build());
        ImageMap map = Map(
            (T, Image(KernelHook.ImageRundownStart, 0, Base, 0x5000, "kmutex.sys")),
            (T, RecordBytes.Full(T, ImageId, 36, [.. BitConverter.GetBytes(Base), .. new byte[4], .. builder.Signature.ToByteArray(), .. BitConverter.GetBytes(1), .. Encoding.UTF8.GetBytes(name), 0])));

        Assert.Equal(isFound ? "kmutex!Work+0x0" : "kmutex+0x1100", new AddressNamer(map, new SymbolFolder([_folder.FullName])).Name(4, Base + 0x1100, T));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static ImageMap Map(params (long Time, byte[] Record)[] records)
    {
        TraceBuilder trace = new();
        foreach ((long time, byte[] record) in records)
        {
            BitConverter.TryWriteBytes(record.AsSpan(16), time);
            trace.Record(time, record);
        }

        using EtlFile file = EtlFile.Open(trace.Build(), "test.etl");
        ImageMap map = new();
        foreach (EtlRecord record in file.ReadInTimeOrder(ImageMap.Records))
        {
            map.Take(record);
        }

        return map;
    }

    // Version 2, 64-bit: base, size, process, checksum, time stamp, 4 bytes, address, 16 bytes, name.
    private static byte[] Image(ushort hook, int process, ulong imageBase, ulong size, string name) => RecordBytes.System(
        T, hook, [.. BitConverter.GetBytes(imageBase), .. BitConverter.GetBytes(size), .. BitConverter.GetBytes(process), .. new byte[36], .. Encoding.Unicode.GetBytes(name + '\0')]);
}
