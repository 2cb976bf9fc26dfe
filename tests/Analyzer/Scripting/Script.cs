using System.Globalization;
using Tracing.Analysis;
using Tracing.Analysis.Scheduling;
using Tracing.Events;
using Tracing.Reports.Model;

namespace Tracing.Analyzer.Tests.Scripting;

/// <summary>
/// A small recording in text, one event a line in the order of arrival. The clock ticks once per nanosecond and the recording begins at tick 1000.
/// <code>
/// t=1100 T1 acquire m1 seq=1                        first try succeeded
/// t=1150 T2 block m1 req=1150
/// t=1200 T1 release m1 seq=1 acq=1100
/// t=1201 T2 acquire m1 seq=2 req=1150 waited
/// </code>
/// <c>t</c> is the header time; <c>at</c>, the time in the payload, is the same unless given. Depth is 1, site 0 unless given. The words <c>try</c>,
/// <c>timed</c>, <c>alertable</c> and <c>abandoned</c> are the flags of an acquire. The kernel says <c>runs</c> (on <c>cpu</c>, after thread <c>from</c>, which then
/// has <c>state</c>), <c>ready</c>, and <c>interrupt</c> (which ends, and began at <c>since</c>).
/// </summary>
internal static class Script
{
    public const long Start = 1000;
    private const long OneTickPerNanosecond = 1_000_000_000;

    public static LockReport Run(string text, RecordingFacts? facts = null) => Analyze(text).Finish(facts ?? Complete);

    /// <summary>A recording of which nothing speaks for a loss.</summary>
    public static RecordingFacts Complete { get; } = new() { Files = ["test.etl"], StartUtc = DateTime.UnixEpoch, EndUtc = DateTime.UnixEpoch };

    /// <summary>A recording whose header says that an event was lost.</summary>
    public static RecordingFacts Lossy { get; } = Complete with { EventsLost = 1 };

    public static TraceAnalysis Analyze(string text, Func<TraceTime, ILockObserver>? observe = null)
    {
        var time = new TraceTime(Start, OneTickPerNanosecond, sameClock: true);
        var analysis = new TraceAnalysis(time, OneTickPerNanosecond) { Observer = observe?.Invoke(time) };
        foreach (string line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            Apply(new Line(line), analysis);
        }

        return analysis;
    }

    private static void Apply(Line line, TraceAnalysis analysis)
    {
        var origin = new EventOrigin((long)line["t"], line.Thread, 0);
        if (line.Verb == "other")
        {
            analysis.Pass(origin.Time);
            return;
        }

        if (line.Verb == "thread-end")
        {
            analysis.Pass(origin.Time);
            analysis.ThreadEnded(line.Thread, origin.Time);
            return;
        }

        if (line.Verb is "runs" or "ready" or "interrupt")
        {
            analysis.Pass(origin.Time);
            SchedulingEventKind kind = line.Verb switch { "runs" => SchedulingEventKind.Switch, "ready" => SchedulingEventKind.Ready, _ => SchedulingEventKind.Interrupt };
            analysis.Scheduled(new SchedulingEvent(
                kind, origin.Time, (int)(line.Find("cpu") ?? 0), line.Thread, (int)(line.Find("from") ?? 0), (Tracing.Etl.Kernel.ThreadState)(line.Find("state") ?? 0),
                (long)(line.Find("since") ?? 0)));
            return;
        }

        ulong at = line.Find("at") ?? line["t"];
        analysis.PassDriverEvent(origin, at);
        switch (line.Verb)
        {
            case "acquire":
                analysis.Acquired(
                    new AcquiredEvent(
                        line.Mutex, line["seq"], (int)(line.Find("depth") ?? 1), line.Find("req") ?? at, at, line.Has("waited"),
                        (uint)(line.Find("site") ?? 0), (byte)line.Flags),
                    origin);
                break;
            case "release":
                analysis.Released(
                    new ReleasedEvent(line.Mutex, line["seq"], (int)(line.Find("depth") ?? 1), line.Find("acq") ?? 0, at, (uint)(line.Find("site") ?? 0)),
                    line.Has("contended"), origin);
                break;
            case "block":
                analysis.Blocked(
                    new BlockedEvent(
                        line.Mutex, line.Find("req") ?? at, (uint)(line.Find("site") ?? 0), (uint)(line.Find("owner") ?? 0), line.Find("ownerSeq") ?? 0),
                    origin);
                break;
            case "fail":
                analysis.AcquireFailed(
                    new FailedEvent(line.Mutex, line["req"], at, (uint)(line.Find("site") ?? 0), (byte)(line.Find("reason") ?? 1)), origin);
                break;
            case "alloc":
                analysis.Allocated(Describe(line, at), origin);
                break;
            case "free":
                analysis.Freed(new FreedEvent(line.Mutex, Counters(line)), origin);
                break;
            case "misuse":
                analysis.MisuseDetected(new MisuseEvent(line.Mutex, (byte)line["kind"], (uint)(line.Find("site") ?? 0), at), origin);
                break;
            case "reject":
                analysis.IrqlRejected(
                    new RejectedEvent(line.Mutex, (byte)(line.Find("op") ?? 2), (byte)line["irql"], (byte)line["max"], (uint)(line.Find("site") ?? 0), at),
                    origin);
                break;
            case "alloc-failed":
                analysis.AllocationFailed(1, (uint)(line.Find("site") ?? 0), (uint)line["bytes"]);
                break;
            case "site":
                analysis.SiteDefined((uint)line["id"], (uint)line["line"], line.Text("file"), line.Text("member"));
                break;
            case "started":
                analysis.ProviderStarted(line.Find("frequency") ?? OneTickPerNanosecond, Guid.Parse(line.Text("build").PadRight(32, '0')), origin);
                break;
            case "stopped":
                analysis.ProviderStopped((uint)line["live"], line.Find("bytes") ?? 0);
                break;
            case "rundown":
                analysis.RundownStarted((uint)line["id"]);
                break;
            case "state":
                analysis.State(new StateEvent((uint)line["id"], Describe(line, line.Find("born") ?? 0), Counters(line), (uint)(line.Find("owner") ?? 0), line.Find("ownerSeq") ?? 0, line.Find("since") ?? 0));
                break;
            case "rundown-end":
                analysis.RundownEnded((uint)line["id"], (uint)line["written"]);
                break;
            default:
                throw new FormatException($"No such verb: {line.Verb}");
        }
    }

    private static MutexDescription Describe(Line line, ulong allocatedAt) => new(
        line.Mutex, 1, 0xFFFF_8000_0000_1000, (uint)(line.Find("bytes") ?? 64), (uint)(line.Find("site") ?? 0), allocatedAt, line.Text("label"));

    private static MutexCounters Counters(Line line) => new(
        line.Find("acquires") ?? 0, line.Find("contended") ?? 0, line.Find("rejected") ?? 0, line.Find("waitTotal") ?? 0, line.Find("waitMax") ?? 0,
        line.Find("holds") ?? 0, line.Find("holdTotal") ?? 0, line.Find("holdMax") ?? 0);

    /// <summary>A line taken apart: words such as <c>T1</c>, <c>m1</c> and <c>waited</c>, and pairs such as <c>seq=1</c>.</summary>
    private sealed class Line
    {
        private readonly Dictionary<string, string> _pairs = [];
        private readonly List<string> _words = [];

        public Line(string text)
        {
            foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                int equals = word.IndexOf('=', StringComparison.Ordinal);
                if (equals > 0)
                {
                    _pairs[word[..equals]] = word[(equals + 1)..];
                }
                else
                {
                    _words.Add(word);
                }
            }
        }

        public string Verb => _words[1];

        public int Thread => int.Parse(_words[0][1..], CultureInfo.InvariantCulture);

        public ulong Mutex => _words.Count > 2 ? ulong.Parse(_words[2][1..], CultureInfo.InvariantCulture) : 0;

        public ulong this[string name] => ulong.Parse(_pairs[name], CultureInfo.InvariantCulture);

        public ulong? Find(string name) => _pairs.ContainsKey(name) ? this[name] : null;

        public string Text(string name) => _pairs.GetValueOrDefault(name, "");

        public AcquiredFlags Flags =>
            (Has("try") ? AcquiredFlags.Try : 0) | (Has("timed") ? AcquiredFlags.Timed : 0)
            | (Has("alertable") ? AcquiredFlags.Alertable : 0) | (Has("abandoned") ? AcquiredFlags.Abandoned : 0);

        public bool Has(string word) => _words.Contains(word);
    }
}
