using System.Globalization;
using Tracing.Reports.Wording;
using Tracing.Symbols;

namespace Tracing.Cli;

/// <summary>The names of a driver's functions, from the program database beside it: the one whose identity the driver bears, or none.</summary>
internal static class DriverSymbols
{
    /// <summary>Says the function at an offset of the driver; null where there is no program database that fits.</summary>
    /// <param name="driverPath">The driver.</param>
    public static Func<uint, string?>? Beside(string driverPath)
    {
        string path = Path.ChangeExtension(driverPath, ".pdb");
        if (!File.Exists(driverPath) || !File.Exists(path))
        {
            return null;
        }

        try
        {
            NativePdb symbols = NativePdb.Open(path);
            return Bears(File.ReadAllBytes(driverPath), symbols.Identity) ? rva => Name(symbols, rva) : null;
        }
        catch (Exception e) when (e is PdbFormatException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? Name(NativePdb symbols, uint rva) => symbols.TryFind(rva, out string name, out uint offset)
        ? string.Create(CultureInfo.InvariantCulture, $"{SafeText.Escape(name)}+0x{offset:X}")
        : null;

    /// <summary>
    /// An image bears the identity in a CodeView record of its debug directory: the signature "RSDS", the GUID, the age. Source: "PE Format". The
    /// signature alone may also be a piece of code.
    /// </summary>
    private static bool Bears(ReadOnlySpan<byte> image, PdbIdentity identity)
    {
        byte[] record = [.. "RSDS"u8, .. identity.Signature.ToByteArray(), .. BitConverter.GetBytes(identity.Age)];
        return image.IndexOf(record) >= 0;
    }
}
