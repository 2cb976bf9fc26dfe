using Tracing.Etl;

namespace Tracing.Analysis.Reading;

/// <summary>
/// Finds out which files are of one recording: the kernel's session beside a user one, or the files that a session began one after the other. They are of one boot of a
/// machine, and their times overlap or follow without a gap.
/// </summary>
public static class RecordingGroups
{
    private const long FileTimesPerSecond = 10_000_000;

    // A session goes on in a new file at once. Somebody who stops one recording and starts another takes longer.
    private const long LongestGap = FileTimesPerSecond / 10;

    // Setting the clock of a machine moves its boot a little; another boot, or another machine, lies further away.
    private const long SameBoot = 60 * FileTimesPerSecond;

    /// <summary>The recordings, by their start; within one, files are in the order given.</summary>
    public static IReadOnlyList<IReadOnlyList<EtlFile>> Of(IReadOnlyList<EtlFile> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        List<Group> groups = [];
        foreach (EtlFile file in files.OrderBy(file => file.Header.StartTime))
        {
            Group? group = groups.Find(group => group.Holds(file.Header));
            if (group is null)
            {
                group = new Group(file.Header.BootTime);
                groups.Add(group);
            }

            group.Add(file);
        }

        return [.. groups.Select(group => (IReadOnlyList<EtlFile>)[.. files.Where(group.Files.Contains)])];
    }

    private sealed class Group(long bootTime)
    {
        private long _end;

        public HashSet<EtlFile> Files { get; } = [];

        // Files come by their start, so that only the end matters. One that was never closed is known to have gone on until its start only.
        public bool Holds(EtlHeader header) => Int128.Abs((Int128)bootTime - header.BootTime) <= SameBoot && header.StartTime <= (Int128)_end + LongestGap;

        public void Add(EtlFile file)
        {
            Files.Add(file);
            _end = Math.Max(_end, Math.Max(file.Header.StartTime, file.Header.EndTime));
        }
    }
}
