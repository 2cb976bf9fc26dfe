using System.Globalization;

namespace Tracing.Symbols;

/// <summary>
/// Puts addresses of a trace into words: <c>kmutex!KmxAcquire+0x1f</c>, <c>kmutex+0x3f70</c> without symbols, <c>0xfffff80412345678</c> where no image is known. Not safe for
/// use from several threads.
/// </summary>
/// <remarks>Names come from the trace and from databases, and are not to be trusted: escape them before they are shown.</remarks>
/// <param name="images">The images of the trace, all taken.</param>
/// <param name="symbols">Where symbols are; null for none.</param>
public sealed class AddressNamer(ImageMap images, SymbolFolder? symbols)
{
    // Stacks of one trace go through the same places again and again. Beyond this many it starts anew.
    private const int MaximumNames = 1 << 16;

    private readonly Dictionary<(LoadedImage Image, ulong Address), string> _names = [];

    /// <summary>An address of a process at a time, in words.</summary>
    /// <param name="processId">The process, or -1 where only the kernel's images are to be looked at.</param>
    /// <param name="address">The address.</param>
    /// <param name="time">When, in raw clock ticks.</param>
    public string Name(int processId, ulong address, long time)
    {
        if (images.Find(processId, address, time) is not { } image)
        {
            return string.Create(CultureInfo.InvariantCulture, $"0x{address:x}");
        }

        if (!_names.TryGetValue((image, address), out string? name))
        {
            if (_names.Count == MaximumNames)
            {
                _names.Clear();
            }

            _names[(image, address)] = name = NameIn(image, address - image.Base);
        }

        return name;
    }

    private string NameIn(LoadedImage image, ulong relative)
    {
        int dot = image.FileName.LastIndexOf('.');
        string module = dot > 0 ? image.FileName[..dot] : image.FileName;
        return relative <= uint.MaxValue && symbols?.Find(image) is { } database && database.TryFind((uint)relative, out string function, out uint offset)
            ? string.Create(CultureInfo.InvariantCulture, $"{module}!{function}+0x{offset:x}")
            : string.Create(CultureInfo.InvariantCulture, $"{module}+0x{relative:x}");
    }
}
