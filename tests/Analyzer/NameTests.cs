using System.Text;
using Tracing.Analysis.Machine;
using Tracing.Analyzer.Tests.Files;
using Tracing.Etl;
using Tracing.Etl.Kernel;
using Tracing.Etl.Tests;
using Tracing.Reports.Model;

namespace Tracing.Analyzer.Tests;

/// <summary>What threads and processes are called, from the kernel's events.</summary>
public sealed class NameTests
{
    private const long T = TraceBuilder.StartTicks;

    [Fact]
    public void A_thread_has_its_number_its_name_and_the_image_of_its_process()
    {
        ThreadNames names = Read(
            Process(KernelHook.ProcessRundownStart, 1234, "app.exe"),
            Thread(KernelHook.ThreadRundownStart, 11, 1234, "worker"),
            Thread(KernelHook.ThreadStart, 12, 1234),
            Thread(KernelHook.ThreadStart, 13, 77, "lonely"),
            Thread(KernelHook.ThreadRundownEnd, 11, 1234));

        Assert.Equal("11 worker (app.exe)", names.OfThread(11));
        Assert.Equal("12 (app.exe)", names.OfThread(12));
        Assert.Equal("13 lonely", names.OfThread(13));
        Assert.Equal("14", names.OfThread(14));
        Assert.Equal("1234 app.exe", names.OfProcess(1234));
        Assert.Equal("77", names.OfProcess(77));
    }

    [Fact]
    public void A_later_name_takes_the_place_of_an_earlier_one() =>
        Assert.Equal(
            "11 second",
            Read(Thread(KernelHook.ThreadStart, 11, 4, "first"), SetName(11, 4, "second"), Thread(KernelHook.ThreadEnd, 11, 4)).OfThread(11));

    [Fact]
    public void A_number_that_was_used_again_has_no_name()
    {
        ThreadNames names = Read(
            Process(KernelHook.ProcessStart, 1234, "one.exe"), Process(KernelHook.ProcessEnd, 1234, "one.exe"), Process(KernelHook.ProcessStart, 1234, "two.exe"),
            Thread(KernelHook.ThreadStart, 11, 1234, "worker"), Thread(KernelHook.ThreadEnd, 11, 1234), Thread(KernelHook.ThreadStart, 11, 1234, "other"),
            Thread(KernelHook.ThreadStart, 12, 1234, "worker"), Thread(KernelHook.ThreadStart, 12, 99, "other"));

        Assert.Equal("1234", names.OfProcess(1234));
        Assert.Equal("11", names.OfThread(11));
        Assert.Equal("12", names.OfThread(12));
    }

    [Fact]
    public void More_threads_than_are_kept_go_without_a_name()
    {
        var table = new NameTable();
        using EtlFile file = Open([.. Enumerable.Range(1, NameTable.MaximumEntries + 1).Select(id => Thread(KernelHook.ThreadStart, id, 4, "x"))]);
        foreach (EtlRecord record in file.ReadInTimeOrder())
        {
            table.Take(record);
        }

        ThreadNames names = table.ToNames();
        Assert.Equal($"{NameTable.MaximumEntries} x", names.OfThread(NameTable.MaximumEntries));
        Assert.Equal($"{NameTable.MaximumEntries + 1}", names.OfThread(NameTable.MaximumEntries + 1));
    }

    [Fact]
    public void The_report_says_who_did_it_by_name()
    {
        byte[] trace = new TraceBuilder().Started(T + 10)
            .Record(T + 11, Process(KernelHook.ProcessRundownStart, 1234, "app.exe"))
            .Record(T + 12, Thread(KernelHook.ThreadRundownStart, 11, 1234, "worker"))
            .Build();
        using EtlFile file = EtlFile.Open(trace, "test.etl");

        Assert.Equal("11 worker (app.exe)", Tracing.Analysis.Reading.TraceReader.Read(file, TestContext.Current.CancellationToken).Names.OfThread(11));
    }

    [Fact]
    public void The_end_of_a_thread_goes_over_to_the_analysis()
    {
        byte[] trace = new TraceBuilder().Started(T + 10).Allocated(T + 20, mutex: 1, label: "Jobs")
            .Acquired(T + 30, 11, mutex: 1, sequence: 1, acquiredAt: (ulong)T + 30)
            .Record(T + 40, Thread(KernelHook.ThreadEnd, 11, 4))
            .Build();
        using EtlFile file = EtlFile.Open(trace, "test.etl");

        AbandonmentRow abandoned = Assert.Single(Tracing.Analysis.Reading.TraceReader.Read(file, TestContext.Current.CancellationToken).Abandonments);
        Assert.Equal(("Jobs", 11), (abandoned.Mutex, abandoned.ThreadId));
    }

    private static ThreadNames Read(params byte[][] records)
    {
        var table = new NameTable();
        using EtlFile file = Open(records);
        foreach (EtlRecord record in file.ReadInTimeOrder())
        {
            table.Take(record);
        }

        return table.ToNames();
    }

    private static EtlFile Open(byte[][] records)
    {
        var trace = new TraceBuilder();
        for (int i = 0; i < records.Length; i++)
        {
            trace.Record(T + i, records[i]);
        }

        return EtlFile.Open(trace.Build(), "test.etl");
    }

    // Version 3 of both classes, 64-bit: see ProcessEvent and ThreadEvent.
    private static byte[] Process(ushort hook, int id, string image) => RecordBytes.System(
        T, hook, [.. new byte[8], .. BitConverter.GetBytes(id), .. BitConverter.GetBytes(1), .. new byte[16], 0, 0, 0, 0, .. Encoding.ASCII.GetBytes(image), 0, 0, 0], version: 3);

    private static byte[] Thread(ushort hook, int id, int process, string name = "") => RecordBytes.System(
        T, hook, [.. BitConverter.GetBytes(process), .. BitConverter.GetBytes(id), .. new byte[64], .. Encoding.Unicode.GetBytes(name + '\0')], version: 3);

    private static byte[] SetName(int id, int process, string name) => RecordBytes.System(
        T, KernelHook.ThreadSetName, [.. BitConverter.GetBytes(process), .. BitConverter.GetBytes(id), .. Encoding.Unicode.GetBytes(name + '\0')]);
}
