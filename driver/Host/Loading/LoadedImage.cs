using System.Collections.Frozen;
using Tracing.Host.Faults;
using Tracing.Host.Native;

namespace Tracing.Host.Loading;

/// <summary>
/// A driver image in memory, ready to run: mapped, relocated, bound, its cookie seeded, its sections protected, and known to
/// <see cref="FaultGuard"/>. Dispose only when no thread can be in it any more.
/// </summary>
internal sealed unsafe class LoadedImage : IDisposable
{
    private readonly PeLayout _layout;
    private readonly FrozenDictionary<string, uint> _exports;
    private byte* _base;

    private LoadedImage(PeLayout layout, FrozenDictionary<string, uint> exports, PeFunctions functions, byte* address, string name)
    {
        Functions = functions;
        _layout = layout;
        _exports = exports;
        _base = address;
        Name = name;
    }

    /// <summary>The file's name, as messages use it.</summary>
    internal string Name { get; }

    internal byte* Base => _base;

    internal uint Size => _layout.SizeOfImage;

    /// <summary>Its functions, to find callers by.</summary>
    internal PeFunctions Functions { get; }

    internal void* EntryPoint => _base + _layout.EntryPoint;

    /// <summary>Loads an image.</summary>
    /// <param name="file">The content of the file.</param>
    /// <param name="path">Its path.</param>
    /// <param name="resolve">Finds the addresses of imports.</param>
    /// <exception cref="DriverImageException">The file cannot be loaded; nothing is left mapped.</exception>
    internal static LoadedImage Load(ReadOnlySpan<byte> file, string path, PeImports.Resolve resolve)
    {
        PeLayout layout = PeLayout.Parse(file, path);
        FrozenDictionary<string, uint> exports;
        PeFunctions functions;
        byte* address = PageMemory.Current.Allocate(layout.SizeOfImage);
        try
        {
            Span<byte> image = new(address, (int)layout.SizeOfImage);
            Map(file, image, layout);
            exports = PeExports.Read(image, layout.Exports, path);
            functions = new PeFunctions(image.ToArray(), layout.Exceptions);
            PeRelocations.Apply(image, layout.Relocations, (ulong)address - layout.ImageBase, path);
            PeImports.Bind(image, layout.Imports, resolve, path);
            SecurityCookie.Seed(image, layout.LoadConfiguration, (ulong)address, path);
            Protect(address, layout);
            FaultGuard.Watch(address, layout.SizeOfImage);
        }
        catch
        {
            PageMemory.Current.Free(address, layout.SizeOfImage);
            throw;
        }

        return new LoadedImage(layout, exports, functions, address, Path.GetFileName(path));
    }

    /// <summary>The address of what the image exports under a name; null when it exports no such thing.</summary>
    internal void* Export(string name) => _exports.TryGetValue(name, out uint rva) ? _base + rva : null;

    /// <summary>Says where an address is: "kmutex.sys+0x1234 (.text+0x234)", or that it is outside.</summary>
    internal string Describe(void* address)
    {
        long rva = (byte*)address - _base;
        if (rva < 0 || rva >= Size)
        {
            return $"0x{(ulong)address:X} (outside {Name})";
        }

        PeSection? nearest = _layout.Sections.LastOrDefault(section => section.Rva <= rva);
        return nearest is null ? $"{Name}+0x{rva:X} (headers)" : $"{Name}+0x{rva:X} ({nearest.Name}+0x{rva - nearest.Rva:X})";
    }

    /// <summary>The function around an offset: by name where it is exported, else by where it begins; null for none that is known.</summary>
    internal string? FunctionAt(uint rva)
    {
        if (Functions.BeginOf(rva) is not { } begin)
        {
            return null;
        }

        string? name = _exports.FirstOrDefault(export => export.Value == begin).Key;
        return $"{name ?? $"function +0x{begin:X}"}+0x{rva - begin:X}";
    }

    /// <summary>Whether a range of addresses lies in the image.</summary>
    internal bool Contains(void* address, uint size = 1) => address >= _base && (byte*)address + size <= _base + Size;

    /// <summary>Unmaps the image.</summary>
    public void Dispose()
    {
        if (_base is not null)
        {
            FaultGuard.Forget(_base);
            PageMemory.Current.Free(_base, Size);
            _base = null;
        }
    }

    private static void Map(ReadOnlySpan<byte> file, Span<byte> image, PeLayout layout)
    {
        file[..(int)layout.SizeOfHeaders].CopyTo(image);
        foreach (PeSection section in layout.Sections)
        {
            int length = (int)Math.Min(section.FileSize, section.VirtualSize);
            file.Slice((int)section.FileOffset, length).CopyTo(image[(int)section.Rva..]);
        }
    }

    private static void Protect(byte* address, PeLayout layout)
    {
        // What no section claims is nobody's: the gaps stay inaccessible.
        PageMemory.Current.Protect(address, layout.SizeOfImage, PageProtection.None);
        PageMemory.Current.Protect(address, layout.SizeOfHeaders, PageProtection.Read);
        foreach (PeSection section in layout.Sections.Where(section => section.VirtualSize > 0))
        {
            PageMemory.Current.Protect(address + section.Rva, section.VirtualSize, section.Protection);
        }
    }
}
