using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Tracing.Driver.Tests.Binary;

/// <summary>What the linker wrote about where each symbol lies: kmutex.map.</summary>
internal sealed partial class LinkMap
{
    private readonly Dictionary<string, ulong> _addresses = [];
    private readonly Dictionary<ulong, string> _names = [];

    private LinkMap(string text)
    {
        foreach (Match line in Symbol().Matches(text))
        {
            ulong address = ulong.Parse(line.Groups["address"].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            _addresses[line.Groups["name"].Value] = address;
            _names.TryAdd(address, line.Groups["name"].Value);
        }
    }

    internal static LinkMap Load() => new(Encoding.UTF8.GetString(BuiltDriver.Read("artifacts/driver/kmutex.map")));

    /// <summary>The address of a symbol, before relocation.</summary>
    internal ulong this[string name] => _addresses.TryGetValue(name, out ulong address)
        ? address
        : throw new KeyNotFoundException($"kmutex.map has no symbol {name}: is it inlined, or renamed?");

    /// <summary>Whether a symbol lies at an address.</summary>
    internal bool Has(ulong address) => _names.ContainsKey(address);

    /// <summary>The symbol at an address; the thunk of an import bears the import's name.</summary>
    internal string NameAt(ulong address) => _names.GetValueOrDefault(address, $"0x{address:X}");

    [GeneratedRegex(@"^ [0-9a-f]{4}:[0-9a-f]{8} +(?<name>\S+) +(?<address>[0-9a-f]{16}) ", RegexOptions.Multiline)]
    private static partial Regex Symbol();
}
