using System.Reflection.PortableExecutable;
using Tracing.Driver.Tests.Binary;
using Tracing.Driver.Tests.Support;
using Tracing.Etl;
using Tracing.Events;
using Tracing.Host;

namespace Tracing.Driver.Tests.Contract;

/// <summary>The trace contract, held against the traces of every workload, event by event and field by field.</summary>
public class ContractTests
{
    private const int Threads = 4;
    private const int Iterations = 8;

    public static TheoryData<string> Workloads => [.. WorkloadKind.All.Select(kind => kind.Name)];

    [Theory]
    [MemberData(nameof(Workloads))]
    public void Every_field_says_what_happened(string workload)
    {
        TraceLaws laws = Check(workload, out RunOutcome outcome);
        Assert.Equal(BuildId(), laws.BuildId);
        Assert.Equal(outcome.Leaks.Select(leak => (leak.Address, leak.Size)).Order(), laws.Live.Order());
        Assert.Equal(outcome.Result.Acquires, laws.Acquires);
        Assert.Equal(outcome.Result.Rejections, laws.Rejections);
    }

    [Fact]
    public void Every_event_and_every_reason_is_written_by_some_workload()
    {
        TraceLaws[] all = [.. WorkloadKind.All.Select(kind => Check(kind.Name, out _))];
        Assert.Empty(Enum.GetValues<KMutexEventId>().Except(all.SelectMany(laws => laws.Events)));
        Assert.Empty(Enum.GetValues<FreeReason>().Except(all.SelectMany(laws => laws.FreeReasons)));

        // An event names a mutex: after the free there is none.
        Assert.Empty(Enum.GetValues<MisuseKind>().Except(all.SelectMany(laws => laws.Misuses)).Except([MisuseKind.UseAfterFree]));
    }

    private static TraceLaws Check(string workload, out RunOutcome outcome)
    {
        using TemporaryFolder folder = new();
        outcome = WorkloadRun.Execute(
            new RunRequest
            {
                DriverPath = RealDriver.Path,
                OutputPath = folder["run.etl"],
                Workload = workload,
                Threads = Threads,
                Iterations = Iterations,
                HoldMicroseconds = 10,

                // A drawn order of threads, so that what the registry's threads run into is the same each time.
                Schedule = 1,
            },
            TestContext.Current.CancellationToken);
        Assert.Empty(outcome.Violations);
        TraceLaws laws = new();
        using EtlFile file = EtlFile.Open(folder["run.etl"]);
        foreach (EtlRecord record in file.ReadInTimeOrder())
        {
            if (record.Kind == EtlRecordKind.Event)
            {
                laws.Read(in record);
            }
        }

        laws.End();
        return laws;
    }

    private static Guid BuildId()
    {
        using PEReader reader = new([.. BuiltDriver.Image.File]);
        return reader.ReadCodeViewDebugDirectoryData(reader.ReadDebugDirectory().Single(entry => entry.Type == DebugDirectoryEntryType.CodeView)).Guid;
    }
}
