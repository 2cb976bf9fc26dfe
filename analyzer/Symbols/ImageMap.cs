using System.Text;
using Tracing.Etl;
using Tracing.Etl.Kernel;

namespace Tracing.Symbols;

/// <summary>
/// Which image lay where and when: told of the image events of a trace in the order of time, asked afterwards. What was loaded before the session is known from its rundowns.
/// </summary>
/// <remarks>Bounded by <see cref="MaximumImages"/>, beyond which images have no name. Not safe for use from several threads.</remarks>
public sealed class ImageMap
{
    /// <summary>Most images that are kept: far more than a machine has loaded, at some 200 bytes each.</summary>
    public const int MaximumImages = 1 << 16;

    // NT paths are cut by the kernel at 32,767 characters; a file name has at most 255.
    private const int MaximumName = 255;

    private readonly Dictionary<int, ProcessImages> _processes = [];

    /// <summary>Images known.</summary>
    public int Count { get; private set; }

    /// <summary>The records that it learns from, as a filter for a pass of its own.</summary>
    public static EtlFilter Records { get; } = new()
    {
        Providers = [new Guid("2cb15d1d-5fc1-11d2-abe1-00a0c911f518"), new Guid("b3e675d7-2554-4f18-830b-2762732560de")],
    };

    /// <summary>Learns from a record; other records than those of images pass by.</summary>
    public void Take(in EtlRecord record)
    {
        if (ImageEvent.TryRead(record, out ImageEvent image))
        {
            Note(image, record.Time);
        }
        else if (ImageDebugEvent.TryRead(record, out ImageDebugEvent debug))
        {
            Note(debug);
        }
    }

    /// <summary>The image over an address: of the process, else of the kernel, whose addresses are in every process.</summary>
    /// <returns>Null if none is known.</returns>
    public LoadedImage? Find(int processId, ulong address, long time) => FindIn(processId, address, time) ?? (processId == 0 ? null : FindIn(0, address, time));

    private LoadedImage? FindIn(int processId, ulong address, long time) =>
        _processes.TryGetValue(processId, out ProcessImages? images) ? images.Find(address, time) : null;

    private void Note(in ImageEvent image, long time)
    {
        if (!_processes.TryGetValue(image.ProcessId, out ProcessImages? images))
        {
            if (Count == MaximumImages)
            {
                return;
            }

            _processes[image.ProcessId] = images = new ProcessImages();
        }

        LoadedImage? latest = images.LatestAt(image.Base) is { Until: long.MaxValue } open && open.Size == image.Size ? open : null;
        if (latest is not null && image.Life == LifeEvent.Start)
        {
            // Its unload was not seen.
            latest.Until = time;
            latest = null;
        }

        if (latest is null && Count < MaximumImages)
        {
            Count++;
            latest = new LoadedImage
            {
                ProcessId = image.ProcessId,
                Base = image.Base,
                Size = image.Size,
                FileName = FileNameOf(image.FileName),
                TimeDateStamp = image.TimeDateStamp,
                From = image.Life == LifeEvent.Start ? time : long.MinValue,
            };
            images.Add(latest);
        }

        if (latest is not null && image.Life == LifeEvent.End)
        {
            latest.Until = time;
        }
    }

    // It follows the event of its image.
    private void Note(in ImageDebugEvent debug)
    {
        if (_processes.TryGetValue(debug.ProcessId, out ProcessImages? images) && images.LatestAt(debug.ImageBase) is { } image)
        {
            image.Pdb = new PdbIdentity(debug.Signature, debug.Age);
            image.PdbName = FileNameOf(Encoding.UTF8.GetString(debug.PdbFileName));
        }
    }

    private static string FileNameOf(ReadOnlySpan<char> path)
    {
        ReadOnlySpan<char> name = path[(path.LastIndexOfAny('\\', '/') + 1)..];
        return name[..Math.Min(name.Length, MaximumName)].ToString();
    }
}
