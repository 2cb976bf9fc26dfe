using System.Globalization;
using System.Text;
using Tracing.Reports.Wording;
using Tracing.Symbols;

namespace Tracing.Cli;

/// <summary>The names of a driver's functions, from the program database beside it: the one whose identity the driver bears, or none.</summary>
internal static class DriverSymbols
{
    /// <summary>Where the identity is in an image: a CodeView record of a program database, which begins so. Source: "PE Format", debug directory.</summary>
    private static readonly byte[] Record = Encoding.ASCII.GetBytes("RSDS");

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
            return symbols.Identity == IdentityOf(File.ReadAllBytes(driverPath)) ? rva => Name(symbols, rva) : null;
        }
        catch (Exception e) when (e is PdbFormatException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? Name(NativePdb symbols, uint rva) => symbols.TryFind(rva, out string name, out uint offset)
        ? string.Create(CultureInfo.InvariantCulture, $"{SafeText.Escape(name)}+0x{offset:X}")
        : null;

    private static PdbIdentity IdentityOf(ReadOnlySpan<byte> driver)
    {
        const int guidLength = 16;
        int at = driver.IndexOf(Record);
        return at < 0 || at + Record.Length + guidLength + sizeof(int) > driver.Length
            ? default
            : new PdbIdentity(
                new Guid(driver.Slice(at + Record.Length, guidLength)), BitConverter.ToInt32(driver.Slice(at + Record.Length + guidLength, sizeof(int))));
    }
}
