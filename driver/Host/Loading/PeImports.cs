using System.Buffers.Binary;

namespace Tracing.Host.Loading;

/// <summary>Binds the imports of a mapped image. Source: "PE Format", .idata.</summary>
internal static class PeImports
{
    /// <summary>The most imports accepted in all.</summary>
    internal const int MaximumImports = 4096;

    private const int DescriptorSize = 20;
    private const ulong ByOrdinal = 1UL << 63;

    /// <summary>Finds the address of an import; zero when there is none.</summary>
    internal delegate nuint Resolve(string module, string name);

    /// <summary>Writes the address of every import into the import address table.</summary>
    /// <exception cref="DriverImageException">The table is damaged, or imports what nobody exports: all missing names are listed at
    /// once.</exception>
    internal static void Bind(Span<byte> image, PeDirectory directory, Resolve resolve, string path)
    {
        if (directory.Size == 0)
        {
            return;
        }

        PeBytes bytes = new(image, path, "RVA");
        List<string> missing = [];
        int imports = 0;
        for (uint descriptor = directory.Rva; ; descriptor += DescriptorSize)
        {
            uint lookup = bytes.U32(descriptor, "an import descriptor");
            uint moduleName = bytes.U32(descriptor + 12, "an import descriptor");
            uint table = bytes.U32(descriptor + 16, "an import descriptor");
            if (moduleName == 0 && table == 0)
            {
                break;
            }

            string module = bytes.Name(moduleName, "the name of an imported module");
            for (uint index = 0; ; index++)
            {
                ulong entry = bytes.U64((ulong)(lookup != 0 ? lookup : table) + (8 * index), $"the imports of {module}");
                if (entry == 0)
                {
                    break;
                }

                if (++imports > MaximumImports)
                {
                    throw bytes.Wrong(descriptor, $"more than {MaximumImports} imports");
                }

                if ((entry & ByOrdinal) != 0)
                {
                    throw bytes.Wrong(lookup, $"{module} is imported by ordinal {entry & 0xFFFF}; expected names");
                }

                string name = bytes.Name(entry + 2, $"a name imported from {module}");
                nuint address = resolve(module, name);
                if (address == 0)
                {
                    missing.Add($"{module}!{name}");
                    continue;
                }

                ulong slot = (ulong)table + (8 * index);
                _ = bytes.U64(slot, $"the import address table of {module}");
                BinaryPrimitives.WriteUInt64LittleEndian(image[(int)slot..], address);
            }
        }

        if (missing.Count > 0)
        {
            throw bytes.Wrong(
                directory.Rva,
                $"nobody exports {string.Join(", ", missing)}. What the simulated kernel lacks is declared in a family of driver/Host/Kernel; a driver "
                + "that others import from is loaded before them");
        }
    }
}
