namespace Tracing.Symbols;

/// <summary>The images of one process over time, found by address.</summary>
internal sealed class ProcessImages
{
    private readonly List<LoadedImage> _images = [];
    private readonly Dictionary<ulong, LoadedImage> _latest = [];
    private ulong[]? _reach;

    /// <summary>The image that was last loaded at a base.</summary>
    public LoadedImage? LatestAt(ulong imageBase) => _latest.GetValueOrDefault(imageBase);

    public void Add(LoadedImage image)
    {
        _images.Add(image);
        _latest[image.Base] = image;
        _reach = null;
    }

    public LoadedImage? Find(ulong address, long time)
    {
        _reach ??= Sort();
        int low = 0;
        int high = _images.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = _images[middle].Base <= address ? (middle + 1, high) : (low, middle);
        }

        // Going down from the last that begins at or below the address, until none further down reaches it.
        for (int i = low - 1; i >= 0 && _reach[i] >= address; i--)
        {
            if (_images[i].Covers(address, time))
            {
                return _images[i];
            }
        }

        return null;
    }

    /// <summary>Sorts by base and, of one base, by time; tells for each place the greatest last address so far.</summary>
    private ulong[] Sort()
    {
        _images.Sort((a, b) => a.Base != b.Base ? a.Base.CompareTo(b.Base) : a.From.CompareTo(b.From));
        ulong[] reach = new ulong[_images.Count];
        ulong greatest = 0;
        for (int i = 0; i < reach.Length; i++)
        {
            ulong size = Math.Max(1, _images[i].Size);
            ulong last = _images[i].Base > ulong.MaxValue - (size - 1) ? ulong.MaxValue : _images[i].Base + (size - 1);
            reach[i] = greatest = Math.Max(greatest, last);
        }

        return reach;
    }
}
