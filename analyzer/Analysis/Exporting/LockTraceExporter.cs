using System.Globalization;
using Tracing.Analysis.Durations;
using Tracing.Analysis.Loads;
using Tracing.Analysis.Mutexes;
using Tracing.Events;
using Tracing.Reports.Model;
using Tracing.Reports.Traces;
using Tracing.Reports.Wording;

namespace Tracing.Analysis.Exporting;

/// <summary>
/// Makes a trace for other tools while a recording is read: a track per mutex with who held it, a track per thread with its waits and one with its holds, and an arrow from
/// each releaser to the waiter that got the mutex next. Refused calls, misuse and mutexes found abandoned are marks on the track of the thread.
/// </summary>
/// <remarks>
/// Every slice is an interval that the report counts, too, with the same ends. State grows with mutexes and threads. An arrow joins neighbours in the order in which the
/// mutex was acquired; it is left out where events are missing. Not safe for several threads.
/// </remarks>
public sealed class LockTraceExporter : ILockObserver
{
    private const int MutexesTrack = 1;

    private readonly TraceTime _time;
    private readonly TickScale _scale;
    private readonly ITraceWriter _writer;
    private readonly ThreadNames _names;
    private readonly Dictionary<MutexLedger, MutexState> _mutexes = [];
    private readonly Dictionary<int, ThreadState> _threads = [];
    private readonly Dictionary<int, int> _processes = [];
    private readonly Dictionary<(DriverLoad Load, uint SiteId), string> _sites = [];
    private int _lastTrack = MutexesTrack;

    /// <summary>An exporter for a recording.</summary>
    /// <param name="time">Its edges.</param>
    /// <param name="frequency">Ticks per second of the driver's clock.</param>
    /// <param name="names">What threads and processes are called.</param>
    /// <param name="writer">Where to write. It is disposed of by who made it.</param>
    public LockTraceExporter(TraceTime time, long frequency, ThreadNames names, ITraceWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        (_time, _scale, _names, _writer) = (time, new TickScale(frequency), names, writer);
        writer.Define(new TraceTrack(MutexesTrack, "Mutexes", null, null, 0));
    }

    /// <summary>Slices written.</summary>
    public long Slices { get; private set; }

    /// <summary>Marks written: refused calls, misuse, mutexes found abandoned.</summary>
    public long Marks { get; private set; }

    /// <summary>Slices left out because too many others went on at once: of a damaged recording only.</summary>
    public long LeftOut { get; private set; }

    /// <inheritdoc/>
    public void Acquired(in ObservedAcquire acquire)
    {
        AcquiredEvent acquired = acquire.Event;
        MutexState mutex = StateOf(acquire.Load, acquire.Mutex);
        if (acquired.Contended && acquire.Wait != IntervalVerdict.Impossible)
        {
            AddWait(mutex, acquire.Load, acquire.Origin, acquired.SiteId, acquired.AcquiredAt - acquire.WaitTicks, acquired.AcquiredAt, NoteOf(acquire.Wait));
        }

        if (((AcquiredFlags)acquired.Flags & AcquiredFlags.Abandoned) != 0)
        {
            Mark(acquire.Load, acquire.Origin, acquired.AcquiredAt, $"{mutex.Name} was abandoned", acquired.SiteId, "its owner ended while it held it");
        }

        if (acquired.Depth == 1)
        {
            mutex.Predecessor = acquired.Contended ? mutex.Newest : 0;
            mutex.Newest = acquired.Sequence;
        }
    }

    /// <inheritdoc/>
    public void Held(in ObservedHold hold)
    {
        if (hold.Hold == IntervalVerdict.Impossible)
        {
            return;
        }

        MutexState mutex = StateOf(hold.Load, hold.Mutex);
        ReleasedEvent released = hold.Event;
        ulong flowIn = mutex.Newest == released.Sequence && mutex.Predecessor != 0 ? FlowOf(mutex, mutex.Predecessor) : 0;
        ulong flowOut = released.Waiters > 0 ? FlowOf(mutex, released.Sequence) : 0;
        AddHold(mutex, hold.Load, hold.Origin, released.SiteId, released.ReleasedAt - hold.Ticks, released.ReleasedAt, NoteOf(hold.Hold), flowOut, flowIn);
    }

    /// <inheritdoc/>
    public void GaveUp(DriverLoad load, MutexLedger mutex, in FailedEvent failed, in EventOrigin origin)
    {
        Interval wait = _time.Judge(failed.RequestedAt, failed.FailedAt);
        if (wait.Verdict != IntervalVerdict.Impossible)
        {
            AddWait(StateOf(load, mutex), load, origin, failed.SiteId, failed.FailedAt - wait.Ticks, failed.FailedAt, "gave up");
        }
    }

    /// <inheritdoc/>
    public void Rejected(DriverLoad load, MutexLedger? mutex, in RejectedEvent rejected, in EventOrigin origin) => Mark(
        load, origin, rejected.RejectedAt, $"{(LockOperation)rejected.Operation} refused at {IrqlName.Of(rejected.Irql)}", rejected.SiteId, NameOf(load, mutex));

    /// <inheritdoc/>
    public void Misused(DriverLoad load, MutexLedger? mutex, in MisuseEvent misuse, in EventOrigin origin) =>
        Mark(load, origin, misuse.DetectedAt, $"misuse: {(MisuseKind)misuse.Kind}", misuse.SiteId, NameOf(load, mutex));

    /// <inheritdoc/>
    public void StillWaiting(DriverLoad load, MutexLedger mutex, int threadId, uint siteId, ulong since, ulong end) =>
        AddWait(StateOf(load, mutex), load, new EventOrigin(0, threadId, 0, ProcessOf(threadId)), siteId, since, end, "still waiting at the end");

    /// <inheritdoc/>
    public void StillHeld(DriverLoad load, MutexLedger mutex, int threadId, uint siteId, ulong since, ulong end) =>
        AddHold(StateOf(load, mutex), load, new EventOrigin(0, threadId, 0, ProcessOf(threadId)), siteId, since, end, "still held at the end", 0, 0);

    private static string NoteOf(IntervalVerdict verdict) => verdict == IntervalVerdict.CutByStart ? "began before the recording" : "";

    private void AddWait(MutexState mutex, DriverLoad load, in EventOrigin origin, uint siteId, ulong from, ulong to, string note) =>
        Add(ThreadOf(origin).Waits, from, to, mutex.WaitName, SiteOf(load, siteId), note, 0, 0);

    private void AddHold(MutexState mutex, DriverLoad load, in EventOrigin origin, uint siteId, ulong from, ulong to, string note, ulong flowOut, ulong flowIn)
    {
        string site = SiteOf(load, siteId);
        ThreadState thread = ThreadOf(origin);
        Add(mutex.Holders, from, to, thread.HolderName, site, note, 0, 0);
        Add(thread.Holds, from, to, mutex.Name, site, note, flowOut, flowIn);
    }

    private void Add(ExportLanes lanes, ulong from, ulong to, string name, string site, string note, ulong flowOut, ulong flowIn)
    {
        int track = lanes.Take(from, to);
        if (track == 0)
        {
            LeftOut++;
            return;
        }

        Slices++;
        _writer.Add(new TraceSlice(
            track, _scale.ToNanoseconds(_time.SinceStart(from)), _scale.ToNanoseconds(_time.SinceStart(to)), name, site, note, flowOut, flowIn));
    }

    // On the track of the thread's waits. A time that damage has put behind the end of the recording is put there.
    private void Mark(DriverLoad load, in EventOrigin origin, ulong at, string name, uint siteId, string note)
    {
        Marks++;
        long atNs = _scale.ToNanoseconds(_time.SinceStart(Math.Min(at, _time.End)));
        _writer.Add(new TraceMark(ThreadOf(origin).Waits.First(), atNs, name, SiteOf(load, siteId), note));
    }

    private string NameOf(DriverLoad load, MutexLedger? mutex) => mutex is null ? "" : StateOf(load, mutex).Name;

    private MutexState StateOf(DriverLoad load, MutexLedger ledger)
    {
        if (!_mutexes.TryGetValue(ledger, out MutexState? state))
        {
            string name = ledger.Label.Length > 0 ? SafeText.Escape(ledger.Label) : ledger.SiteId != 0 ? SiteOf(load, ledger.SiteId) : "mutex";
            name = string.Create(CultureInfo.InvariantCulture, $"{name} #{ledger.Id}");
            state = new MutexState(_mutexes.Count + 1, name, new ExportLanes(_ => new TraceTrack(++_lastTrack, name, null, null, MutexesTrack), _writer));
            _mutexes.Add(ledger, state);
        }

        return state;
    }

    private ThreadState ThreadOf(in EventOrigin origin)
    {
        if (!_threads.TryGetValue(origin.ThreadId, out ThreadState? state))
        {
            (int process, int thread) = (origin.ProcessId, origin.ThreadId);
            if (!_processes.TryGetValue(process, out int parent))
            {
                parent = ++_lastTrack;
                _processes.Add(process, parent);
                _writer.Define(new TraceTrack(parent, $"process {SafeText.Escape(_names.OfProcess(process))}", process, null, 0));
            }

            string name = $"thread {SafeText.Escape(_names.OfThread(thread))}";
            state = new ThreadState(
                process, $"held by {name}",
                new ExportLanes(lane => new TraceTrack(++_lastTrack, lane == 0 ? name : $"{name} waits", process, lane == 0 ? thread : null, parent), _writer),
                new ExportLanes(_ => new TraceTrack(++_lastTrack, $"{name} holds", process, null, parent), _writer));
            _threads.Add(thread, state);
        }

        return state;
    }

    private int ProcessOf(int threadId) => _threads.TryGetValue(threadId, out ThreadState? state) ? state.ProcessId : 0;

    private string SiteOf(DriverLoad load, uint siteId)
    {
        if (siteId == 0)
        {
            return "";
        }

        if (!_sites.TryGetValue((load, siteId), out string? text))
        {
            SourceSite site = load.Sites.Find(siteId)!;
            text = SafeText.Escape(site.Member.Length > 0 && site.Short != site.Member ? $"{site.Short} {site.Member}" : site.Short);
            if (load.Sites.IsDefined(siteId))
            {
                _sites.Add((load, siteId), text);
            }
        }

        return text;
    }

    /// <summary>The same for the releaser and the one who got the mutex from it, and for nobody else.</summary>
    private static ulong FlowOf(MutexState mutex, ulong sequence)
    {
        ulong mixed = ((ulong)mutex.Number << 40) + sequence;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }

    private sealed class MutexState(int number, string name, ExportLanes holders)
    {
        public int Number { get; } = number;

        public string Name { get; } = name;

        public string WaitName { get; } = $"wait for {name}";

        public ExportLanes Holders { get; } = holders;

        /// <summary>Number of the latest outermost acquire.</summary>
        public ulong Newest { get; set; }

        /// <summary>Number of the outermost acquire before it, if it waited for that one; else 0.</summary>
        public ulong Predecessor { get; set; }
    }

    private sealed record ThreadState(int ProcessId, string HolderName, ExportLanes Waits, ExportLanes Holds);
}
