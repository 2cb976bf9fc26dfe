using System.Globalization;
using System.Text;
using System.Text.Json;
using Tracing.Reports.Model;
using Tracing.Reports.Wording;

namespace Tracing.Reports.Html;

/// <summary>
/// The timeline as data for the page's script: intervals once, as columns, with names and sites by number. About 25 bytes for an interval.
/// </summary>
/// <remarks>The writer escapes every character that could end a script element, and names are made harmless as everywhere on the page.</remarks>
internal static class TimelineData
{
    // A driver has hundreds; a forged trace can have one for each event.
    private const int MostSites = 2000;

    // Mutexes without a lane are known by their number beyond this many.
    private const int MostNames = 2000;

    // The innermost frames of a stack say where; beyond so many come those that started the thread.
    private const int MostFrames = 32;

    // A thousand stacks of one driver go through a few hundred places.
    private const int MostPlaces = 2000;

    public static string ToJson(Timeline timeline, ThreadNames threadNames)
    {
        var names = new Numbering<(ulong Id, string Name)>();
        var sites = new Numbering<SourceSite>();
        foreach (TimelineLane lane in timeline.Mutexes)
        {
            names.Of((lane.Id, lane.Name));
        }

        Entry[] entries = [.. Entries(timeline).Distinct().OrderBy(entry => entry.Interval.StartNs).ThenBy(entry => entry.Interval.LengthNs)];
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("lengthNs", timeline.LengthNs);
            json.WriteNumber("binNs", timeline.BinNs);
            WriteLanes(json, "mutexes", timeline, timeline.Mutexes);
            WriteLanes(json, "threads", timeline, [.. timeline.Threads.Select(lane => lane with { Name = $"thread {threadNames.OfThread((int)lane.Id)}" })]);
            json.WriteStartObject("intervals");
            WriteColumn(json, "kind", entries.Select(entry => entry.IsHold ? 0L : 1));
            WriteColumn(json, "mutex", entries.Select(entry => (long)names.Of((entry.Interval.MutexId, entry.Interval.Mutex))));
            WriteColumn(json, "thread", entries.Select(entry => (long)entry.Interval.ThreadId));
            WriteColumn(json, "site", entries.Select(entry => entry.Interval.Site is SourceSite site ? sites.Of(site) : -1L));
            WriteColumn(json, "ending", entries.Select(entry => (long)entry.Interval.Ending));
            WriteColumn(json, "start", entries.Select((entry, i) => entry.Interval.StartNs - (i == 0 ? 0 : entries[i - 1].Interval.StartNs)));
            WriteColumn(json, "length", entries.Select(entry => entry.Interval.LengthNs));
            json.WriteEndObject();
            json.WriteStartArray("names");
            foreach ((int number, (ulong id, string name)) in names.All.Index())
            {
                json.WriteStartObject();
                WriteName(json, id, number < MostNames ? name : $"#{id}");
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteStartArray("sites");
            foreach (SourceSite site in sites.All.Take(MostSites))
            {
                json.WriteStringValue(SafeText.Name($"{site.Short} {site.Member}"));
            }

            json.WriteEndArray();
            WriteStacks(json, timeline.StacksRecorded, [.. entries.Select(entry => entry.Interval.Stack)]);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    private static IEnumerable<Entry> Entries(Timeline timeline) => timeline.Mutexes.Concat(timeline.Threads).SelectMany(lane =>
        lane.Holds.Kept.Select(hold => new Entry(true, hold)).Concat(lane.Waits.Kept.Select(wait => new Entry(false, wait))));

    private static void WriteLanes(Utf8JsonWriter json, string property, Timeline timeline, IReadOnlyList<TimelineLane> lanes)
    {
        json.WriteStartArray(property);
        foreach (TimelineLane lane in lanes)
        {
            json.WriteStartObject();
            WriteName(json, lane.Id, lane.Name);
            json.WriteNumber("completeFromNs", lane.CompleteFromNs);
            WriteTrack(json, "holds", lane.Holds, timeline.BinNs);
            WriteTrack(json, "waits", lane.Waits, timeline.BinNs);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteTrack(Utf8JsonWriter json, string property, TimelineTrack track, double binNs)
    {
        json.WriteStartObject(property);
        json.WriteNumber("count", track.Count);
        json.WriteNumber("totalNs", track.TotalNs);

        // How far it is from the bin before, intervals begun, and the time in it as ten-thousandths of the bin, rounded up so that something is never nothing.
        WriteColumn(json, "bins", track.Bins.SelectMany((bin, i) => (long[])
            [bin.Index - (i == 0 ? 0 : track.Bins[i - 1].Index), bin.Count, (long)Math.Ceiling(10_000 * bin.Ns / binNs)]));
        json.WriteEndObject();
    }

    /// <summary>Which intervals have a stack, and which; each stack once, as numbers of frames.</summary>
    private static void WriteStacks(Utf8JsonWriter json, long recorded, IReadOnlyList<string>?[] stacks)
    {
        var frames = new Numbering<string>();
        var different = new Numbering<string>();
        int[] with = [.. Enumerable.Range(0, stacks.Length).Where(i => stacks[i] is not null)];
        json.WriteStartObject("stacks");
        json.WriteNumber("recorded", recorded);
        WriteColumn(json, "intervals", with.Select(i => (long)i));
        WriteColumn(json, "of", [.. with.Select(i => (long)different.Of(string.Join(',', Shown(stacks[i]!).Select(frames.Of))))]);
        json.WriteStartArray("different");
        foreach (string stack in different.All)
        {
            json.WriteRawValue($"[{stack}]");
        }

        json.WriteEndArray();
        json.WriteStartArray("frames");
        foreach (string frame in frames.All.Take(MostPlaces))
        {
            json.WriteStringValue(SafeText.Name(frame));
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static IEnumerable<string> Shown(IReadOnlyList<string> stack) => stack.Count <= MostFrames
        ? stack
        : [.. stack.Take(MostFrames), string.Create(CultureInfo.InvariantCulture, $"and {stack.Count - MostFrames} more")];

    // A number of 64 bits does not fit into one of JavaScript: ids are text there.
    private static void WriteName(Utf8JsonWriter json, ulong id, string name)
    {
        json.WriteString("id", id.ToString(CultureInfo.InvariantCulture));
        json.WriteString("name", SafeText.Name(name));
    }

    private static void WriteColumn(Utf8JsonWriter json, string property, IEnumerable<long> values)
    {
        json.WriteStartArray(property);
        foreach (long value in values)
        {
            json.WriteNumberValue(value);
        }

        json.WriteEndArray();
    }

    private readonly record struct Entry(bool IsHold, TimelineInterval Interval);

    /// <summary>Numbers things in the order in which they are first asked for.</summary>
    private sealed class Numbering<T>
        where T : notnull
    {
        private readonly Dictionary<T, int> _numbers = [];

        public IEnumerable<T> All => _numbers.OrderBy(pair => pair.Value).Select(pair => pair.Key);

        public int Of(T thing)
        {
            if (!_numbers.TryGetValue(thing, out int number))
            {
                number = _numbers.Count;
                _numbers.Add(thing, number);
            }

            return number;
        }
    }
}
