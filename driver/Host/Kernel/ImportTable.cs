using System.Collections.Frozen;

namespace Tracing.Host.Kernel;

/// <summary>Every export of the simulated kernel, by number and by name. Immutable.</summary>
internal sealed class ImportTable
{
    private readonly Import[] _imports;
    private readonly FrozenDictionary<string, int> _byName;

    internal ImportTable(params IEnumerable<IImportFamily> families)
    {
        _imports = [.. families.SelectMany(family => family.Imports)];
        _byName = _imports.Index().ToFrozenDictionary(pair => pair.Item.Name, pair => pair.Index, StringComparer.Ordinal);
    }

    internal int Count => _imports.Length;

    internal Import this[int index] => _imports[index];

    /// <summary>The number of an export.</summary>
    internal bool TryFind(string name, out int index) => _byName.TryGetValue(name, out index);
}
