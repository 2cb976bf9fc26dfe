using Tracing.Driver.Tests.Support;
using Tracing.Etl;
using Tracing.Events;
using Tracing.Host;
using Tracing.Host.Judge;
using Tracing.Host.Kernel;
using Tracing.Host.Loading;
using Tracing.Host.Session;

namespace Tracing.Driver.Tests.Client;

/// <summary>A C++ driver that imports from the real kmutex.sys, beside it in one simulated kernel.</summary>
public sealed unsafe class ClientTests
{
    private const string Cpp = "tests/Driver/Client/client.cpp";
    private const string C = "tests/Driver/Client/client.c";

    [Theory]
    [InlineData("c++17", true)]
    [InlineData("c++20", true)]
    [InlineData("c++17", false)]
    public void Its_locks_appear_in_the_trace_with_its_own_file_line_and_label(string standard, bool asService)
    {
        using TemporaryFolder folder = new();
        string client = ClientDriver.Build(folder, standard);

        string[] violations = Record(client, folder["client.etl"], asService);

        Assert.Empty(violations);
        ClientTrace trace = ClientTrace.Read(folder["client.etl"]);
        Assert.Equal("Konten €", trace.Labels[trace.Allocated(Cpp, "create")]);
        Assert.Equal(1, trace.Acquires(Cpp, "lock"));
        Assert.Equal(1, trace.Acquires(Cpp, "try"));
        Assert.Equal(1, trace.Acquires(Cpp, "timed"));
        Assert.Equal(800, trace.Acquires(Cpp, "contended"));
        Assert.Equal(1, trace.Acquires(C, "alertable"));
        Assert.Equal(1, trace.Acquires(Cpp, "fast"));
        Assert.Equal(MutexKind.FastMutex, trace.Kinds["Fast"]);
        Assert.Equal(1, trace.Acquires(Cpp, "section"));
        Assert.Equal(MutexKind.CriticalSection, trace.Kinds["Section"]);
        Assert.Equal((1, MisuseKind.FreeWhileHeld), (trace.Misuses.Count, trace.Misuses[trace.Site(Cpp, "refused free")]));
        Assert.Equal(trace.Allocated(Cpp, "create"), trace.Freed(Cpp, "free"));
        Assert.Equal(0u, trace.LiveAtUnload);
    }

    /// <summary>Loads both, lets the client do its work, unloads both.</summary>
    private static string[] Record(string client, string output, bool asService)
    {
        using FileStream stream = new(output, FileMode.CreateNew, FileAccess.ReadWrite);
        using TraceSession session = new(stream, "client.etl", new SessionSettings(), KernelClock.Real);
        using SimulatedKernel kernel = new(session);
        LoadedImage library = kernel.Load(File.ReadAllBytes(RealDriver.Path), "kmutex.sys");
        LoadedImage image = kernel.Load(File.ReadAllBytes(client), "client.sys");
        DriverInstance service = new(kernel, library);
        DriverInstance driver = new(kernel, image);

        Run(kernel, thread =>
        {
            kernel.Etw.Enable(thread);
            Assert.Equal(0, asService ? service.Enter(thread) : (int)DriverCall.Invoke(thread, library.Export("DllInitialize"), 0));
        });
        Run(kernel, thread => Assert.Equal("0x0", $"0x{driver.Enter(thread):X}"));
        Run(kernel, thread =>
        {
            driver.Unload(thread);
            if (asService)
            {
                service.Unload(thread);
            }

            Assert.Equal(0, (int)DriverCall.Invoke(thread, library.Export("DllUnload")));
            UnloadRules.Check(kernel);
        });
        Assert.True(ControlThread.WaitForAll(kernel, TimeSpan.FromSeconds(10)));
        Assert.Equal(0, session.Stop().EventsLost);
        Assert.Empty(kernel.Pool.Allocated());
        return [.. kernel.Violations.List()];
    }

    private static void Run(SimulatedKernel kernel, Action<SimulatedThread> step) => Assert.True(ControlThread.Run(kernel, "test", step));

    /// <summary>What the trace says of sites.</summary>
    private sealed class ClientTrace
    {
        private readonly Dictionary<(string File, uint Line), uint> _sites = [];
        private readonly Dictionary<uint, int> _acquires = [];
        private readonly Dictionary<uint, ulong> _allocated = [];
        private readonly Dictionary<uint, ulong> _freed = [];

        internal Dictionary<ulong, string> Labels { get; } = [];

        internal Dictionary<string, MutexKind> Kinds { get; } = [];

        internal Dictionary<uint, MisuseKind> Misuses { get; } = [];

        internal uint? LiveAtUnload { get; private set; }

        internal static ClientTrace Read(string path)
        {
            ClientTrace trace = new();
            using EtlFile file = EtlFile.Open(path);
            foreach (EtlRecord record in file.ReadInTimeOrder())
            {
                if (record.Kind == EtlRecordKind.Event)
                {
                    trace.Add((KMutexEventId)record.Id, record.Version, record.Payload);
                }
            }

            return trace;
        }

        internal uint Site(string file, string word) => _sites[(file, ClientDriver.LineOf(file, word))];

        internal int Acquires(string file, string word) => _acquires[Site(file, word)];

        internal ulong Allocated(string file, string word) => _allocated[Site(file, word)];

        internal ulong Freed(string file, string word) => _freed[Site(file, word)];

        private void Add(KMutexEventId id, byte version, ReadOnlySpan<byte> payload)
        {
            switch (id)
            {
                case KMutexEventId.SiteDefined:
                    Assert.True(SiteDefinedPayload.TryRead(payload, 8, version, out SiteDefinedPayload site));
                    _sites.Add((site.File.ToString(), site.Line), site.SiteId);
                    break;

                case KMutexEventId.MutexAllocated:
                    Assert.True(MutexAllocatedPayload.TryRead(payload, 8, version, out MutexAllocatedPayload made));
                    _allocated[made.SiteId] = made.MutexId;
                    Labels.Add(made.MutexId, made.Label.ToString());
                    Kinds[made.Label.ToString()] = made.Kind;
                    break;

                case KMutexEventId.MutexFreed:
                    Assert.True(MutexFreedPayload.TryRead(payload, 8, version, out MutexFreedPayload freed));
                    _freed[freed.SiteId] = freed.MutexId;
                    break;

                case KMutexEventId.MutexAcquired or KMutexEventId.MutexAcquiredContended:
                    Assert.True(MutexAcquiredPayload.TryRead(payload, 8, version, out MutexAcquiredPayload acquired));
                    _acquires[acquired.SiteId] = _acquires.GetValueOrDefault(acquired.SiteId) + 1;
                    break;

                case KMutexEventId.MisuseDetected:
                    Assert.True(MisuseDetectedPayload.TryRead(payload, 8, version, out MisuseDetectedPayload misuse));
                    Misuses.Add(misuse.SiteId, misuse.Kind);
                    break;

                case KMutexEventId.ProviderStopped:
                    Assert.True(ProviderStoppedPayload.TryRead(payload, 8, version, out ProviderStoppedPayload stopped));
                    LiveAtUnload = stopped.LiveMutexes;
                    break;
            }
        }
    }
}
