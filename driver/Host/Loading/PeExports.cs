using System.Collections.Frozen;

namespace Tracing.Host.Loading;

/// <summary>What a mapped image offers to others, by name. Source: "PE Format", .edata.</summary>
internal static class PeExports
{
    /// <summary>The most exports accepted.</summary>
    internal const int MaximumExports = 4096;

    private static readonly FrozenDictionary<string, uint> None = FrozenDictionary<string, uint>.Empty;

    /// <summary>Reads the export table of a mapped image.</summary>
    /// <returns>RVAs by name; what is exported by ordinal alone is left out.</returns>
    /// <exception cref="DriverImageException">The table is damaged, or forwards to another image.</exception>
    internal static FrozenDictionary<string, uint> Read(ReadOnlySpan<byte> image, PeDirectory directory, string path)
    {
        if (directory.Size == 0)
        {
            return None;
        }

        PeBytes bytes = new(image, path, "RVA");
        const string table = "the export table";
        uint addressCount = bytes.U32(directory.Rva + 20, table);
        uint nameCount = bytes.U32(directory.Rva + 24, table);
        uint addresses = bytes.U32(directory.Rva + 28, table);
        uint names = bytes.U32(directory.Rva + 32, table);
        uint ordinals = bytes.U32(directory.Rva + 36, table);
        if (nameCount > MaximumExports)
        {
            throw bytes.Wrong(directory.Rva + 24, $"expected at most {MaximumExports} exports, found {nameCount}");
        }

        Dictionary<string, uint> exports = new((int)nameCount, StringComparer.Ordinal);
        for (uint i = 0; i < nameCount; i++)
        {
            string name = bytes.Name(bytes.U32(names + (4ul * i), table), "the name of an export");
            ushort ordinal = bytes.U16(ordinals + (2ul * i), table);
            if (ordinal >= addressCount)
            {
                throw bytes.Wrong(ordinals + (2ul * i), $"{name} is export {ordinal} of {addressCount}");
            }

            uint rva = bytes.U32(addresses + (4ul * ordinal), table);
            if (rva - directory.Rva < directory.Size)
            {
                throw bytes.Wrong(addresses + (4ul * ordinal), $"{name} is forwarded to another image; expected an address in this one");
            }

            _ = bytes.Slice(rva, 1, name);
            exports[name] = rva;
        }

        return exports.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
