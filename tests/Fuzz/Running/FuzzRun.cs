using System.Diagnostics;
using System.Globalization;
using Tracing.Fuzz.Mutation;

namespace Tracing.Fuzz.Running;

/// <summary>
/// Reads inputs of one target, one after the other, and holds each against the promises: no exception but the one that refuses, no more than a second of processor time,
/// no more memory than the target's limit. An input is made of its number alone, so that a finding can be had again by naming it.
/// </summary>
internal sealed class FuzzRun(FuzzTarget target)
{
    /// <summary>What an input may take of the processor. Not of the clock: the machine may have other work.</summary>
    public static readonly TimeSpan TimeLimit = TimeSpan.FromSeconds(1);

    private const int MaximumFindings = 10;
    private const ulong Golden = 0x9E37_79B9_7F4A_7C15;
    private readonly List<Finding> _findings = [];

    /// <summary>Inputs read.</summary>
    public long Inputs { get; private set; }

    /// <summary>Those of them that were refused.</summary>
    public long Refused { get; private set; }

    /// <summary>Most processor time that one took.</summary>
    public TimeSpan Slowest { get; private set; }

    /// <summary>Most bytes that one allocated.</summary>
    public long Largest { get; private set; }

    /// <summary>What broke a promise.</summary>
    public IReadOnlyList<Finding> Findings => _findings;

    /// <summary>The input of a number.</summary>
    public static byte[] InputOf(FuzzTarget target, long number) =>
        new Mutator(new Random((int)(((ulong)number + 1) * Golden >> 33)), target.Seeds).Next();

    /// <summary>Runs.</summary>
    /// <param name="options">How long.</param>
    /// <param name="watchdog">Told of each input, so that it can name the one that does not end.</param>
    public void Run(FuzzOptions options, Watchdog? watchdog = null)
    {
        // Code is compiled, and tables are made, at the cost of the first input: that one is not measured.
        Array.ForEach(target.Seeds, seed => target.Read(seed.Bytes));
        long started = Stopwatch.GetTimestamp();
        for (long i = 0; i < options.Inputs && _findings.Count < MaximumFindings && !(Stopwatch.GetElapsedTime(started) > options.Time); i++)
        {
            long number = options.First + i;
            byte[] input = InputOf(target, number);
            watchdog?.Begin(target.Name, number);
            Read(number, input);
        }

        watchdog?.Begin(null, 0);
    }

    public string Summary(TimeSpan elapsed) => string.Create(
        CultureInfo.InvariantCulture,
        $"{target.Name,-14} {Inputs,12:N0} inputs {Inputs / elapsed.TotalSeconds,9:N0}/s {100.0 * Refused / Math.Max(1, Inputs),5:N1} % refused, slowest {Slowest.TotalMilliseconds,6:N1} ms, largest {Largest / 1024.0,8:N0} KiB of {target.AllocationLimit / 1024:N0}, {Findings.Count} findings");

    private void Read(long number, byte[] input)
    {
        long allocatedBefore = GC.GetTotalAllocatedBytes();
        TimeSpan timeBefore = Environment.CpuUsage.TotalTime;
        try
        {
            Inputs++;
            Refused += target.Read(input) ? 0 : 1;
            TimeSpan time = Environment.CpuUsage.TotalTime - timeBefore;
            long allocated = GC.GetTotalAllocatedBytes() - allocatedBefore;
            Slowest = time > Slowest ? time : Slowest;
            Largest = Math.Max(Largest, allocated);
            if (time > TimeLimit)
            {
                throw new FuzzFindingException($"It took {time.TotalMilliseconds:N0} ms.");
            }

            if (allocated > target.AllocationLimit)
            {
                throw new FuzzFindingException($"It allocated {allocated:N0} bytes, {target.AllocationLimit:N0} are allowed.");
            }
        }
        catch (Exception e)
        {
            Finding finding = new(target.Name, number, e, input);
            if (!_findings.Any(known => known.Place == finding.Place))
            {
                _findings.Add(finding);
            }
        }
    }
}
