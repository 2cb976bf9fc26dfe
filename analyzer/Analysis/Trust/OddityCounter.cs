using System.Globalization;
using Tracing.Reports.Model;

namespace Tracing.Analysis.Trust;

/// <summary>What can be odd about the driver's events. Each kind has a counter, and non-zero counters are reported.</summary>
public enum EventOddity
{
    /// <summary>An event of the driver whose id this version does not know.</summary>
    UnknownEvent,

    /// <summary>A known event in a version newer than this one; fields added at the end are not read.</summary>
    NewerVersion,

    /// <summary>A payload that is too short or otherwise not laid out as the manifest says.</summary>
    MalformedPayload,

    /// <summary>Times that contradict each other or lie in the future.</summary>
    ImpossibleTime,

    /// <summary>A sequence number that cannot be true.</summary>
    ImpossibleSequence,

    /// <summary>A recursion depth of 0 in an acquire or release.</summary>
    ImpossibleDepth,

    /// <summary>An acquire with a sequence number that was there before.</summary>
    RepeatedAcquire,

    /// <summary>A second release of one acquire.</summary>
    RepeatedRelease,

    /// <summary>A release whose acquire event is not in the recording.</summary>
    ReleaseWithoutAcquire,

    /// <summary>Two holds of one mutex at one time.</summary>
    OverlappingHolds,

    /// <summary>Two allocations, or two frees, under one mutex id.</summary>
    RepeatedMutexId,

    /// <summary>A site number with no SiteDefined event.</summary>
    UndefinedSite,

    /// <summary>The driver says that its clock ticks differently from what the file header says.</summary>
    FrequencyMismatch,

    /// <summary>The session's clock is not the one the driver reads.</summary>
    OtherClock,
}

/// <summary>Counts oddities by kind and remembers where each was seen first.</summary>
public sealed class OddityCounter
{
    private readonly long[] _counts = new long[Kinds.Length];
    private readonly long[] _firstOffsets = new long[Kinds.Length];

    private static readonly (EventOddity Oddity, string Name, bool IsContradiction, string Sentence)[] Kinds =
    [
        (EventOddity.UnknownEvent, "event-unknown", false, "events with an id this version does not know were left out: they come from a newer driver, or are damaged"),
        (EventOddity.NewerVersion, "event-newer-version", false, "events in a newer version were read as far as this version knows them"),
        (EventOddity.MalformedPayload, "payload-malformed", true, "events whose payload does not fit the manifest were left out"),
        (EventOddity.ImpossibleTime, "time-impossible", true, "intervals with impossible times were counted and not timed"),
        (EventOddity.ImpossibleSequence, "sequence-impossible", true, "events with an impossible sequence number were left out"),
        (EventOddity.ImpossibleDepth, "depth-impossible", true, "acquires or releases at recursion depth 0 were left out"),
        (EventOddity.RepeatedAcquire, "acquire-repeated", true, "acquires with a sequence number already seen were left out"),
        (EventOddity.RepeatedRelease, "release-repeated", true, "releases of an acquire already released were left out"),
        (EventOddity.ReleaseWithoutAcquire, "release-without-acquire", false, "releases have no acquire event: it was lost, or lies before the recording"),
        (EventOddity.OverlappingHolds, "holds-overlap", true, "holds overlap another hold of the same mutex"),
        (EventOddity.RepeatedMutexId, "mutex-id-repeated", true, "mutexes were allocated or freed twice under one id"),
        (EventOddity.UndefinedSite, "site-undefined", false, "call sites are named only by number: their SiteDefined events are not in the recording"),
        (EventOddity.FrequencyMismatch, "clock-frequency-mismatch", true, "disagreements between the driver and the file header about the clock's frequency: the driver's word was taken"),
        (EventOddity.OtherClock, "clock-not-qpc", false, "session clock that is not the driver's: intervals are exact, and the edges of the recording approximate"),
    ];

    /// <summary>Counts.</summary>
    /// <param name="oddity">What is odd.</param>
    /// <param name="offset">Where in the file, in bytes; -1 for nowhere in particular.</param>
    /// <param name="count">How often.</param>
    public void Add(EventOddity oddity, long offset, long count = 1)
    {
        if (_counts[(int)oddity] == 0)
        {
            _firstOffsets[(int)oddity] = offset;
        }

        _counts[(int)oddity] += count;
    }

    /// <summary>How often it was seen.</summary>
    public long this[EventOddity oddity] => _counts[(int)oddity];

    /// <summary>True when something was seen that a sound recording of a sound driver cannot hold.</summary>
    public bool AnyContradiction => Kinds.Any(kind => kind.IsContradiction && this[kind.Oddity] > 0);

    /// <summary>The kinds that were seen, in the order of <see cref="EventOddity"/>.</summary>
    public IEnumerable<Oddity> Seen() =>
        from kind in Kinds
        where this[kind.Oddity] > 0
        select new Oddity(
            kind.Name, this[kind.Oddity], _firstOffsets[(int)kind.Oddity], SentenceOf(kind.Sentence, this[kind.Oddity], _firstOffsets[(int)kind.Oddity]));

    private static string SentenceOf(string text, long count, long offset) => offset < 0
        ? string.Create(CultureInfo.InvariantCulture, $"{count:N0} {text}.")
        : string.Create(CultureInfo.InvariantCulture, $"{count:N0} {text} (first at offset 0x{offset:X}).");
}
