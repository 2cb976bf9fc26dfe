using System.Reflection.PortableExecutable;

namespace Tracing.Symbols;

/// <summary>
/// Finds the program database of an image in folders: beside each other, or laid out as a symbol server does (<c>app.pdb/SIGNATURE/app.pdb</c>). One that does not belong to
/// the image is not used. No network.
/// </summary>
/// <remarks>
/// A trace that was merged says which database belongs to an image. For another, the image's own file in the folder says it, if its time stamp is the loaded one's. Each
/// image is looked for once. Not safe for use from several threads.
/// </remarks>
/// <param name="folders">Where to look, in this order.</param>
public sealed class SymbolFolder(IReadOnlyList<string> folders)
{
    private readonly Dictionary<(string Name, PdbIdentity Identity), NativePdb?> _databases = [];
    private readonly Dictionary<(string Name, uint TimeDateStamp), (string Name, PdbIdentity Identity)?> _images = [];
    private readonly List<string> _problems = [];

    /// <summary>What was found and could not be used, a sentence each.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>The symbols of an image.</summary>
    /// <returns>Null if there are none.</returns>
    public NativePdb? Find(LoadedImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        (string Name, PdbIdentity Identity)? wanted = image.Pdb is { } identity ? (image.PdbName, identity) : IdentityFromImage(image);
        if (wanted is not { } key || !IsPlainName(key.Name))
        {
            return null;
        }

        if (!_databases.TryGetValue(key, out NativePdb? database))
        {
            _databases[key] = database = Candidates(key.Name, key.Identity).Select(path => OpenIf(path, key.Identity)).FirstOrDefault(found => found is not null);
        }

        return database;
    }

    private (string Name, PdbIdentity Identity)? IdentityFromImage(LoadedImage image)
    {
        (string, uint) key = (image.FileName, image.TimeDateStamp);
        if (!_images.TryGetValue(key, out (string Name, PdbIdentity Identity)? identity))
        {
            _images[key] = identity = image.TimeDateStamp != 0 && IsPlainName(image.FileName)
                ? folders.Select(folder => ReadImage(Path.Combine(folder, image.FileName), image.TimeDateStamp)).FirstOrDefault(found => found is not null)
                : null;
        }

        return identity;
    }

    private (string Name, PdbIdentity Identity)? ReadImage(string path, uint timeDateStamp)
    {
        try
        {
            if (!File.Exists(path))
            {
                return null;
            }

            using PEReader image = new(File.OpenRead(path));
            if ((uint)image.PEHeaders.CoffHeader.TimeDateStamp != timeDateStamp)
            {
                _problems.Add($"{path}: it has the time stamp 0x{image.PEHeaders.CoffHeader.TimeDateStamp:x8}, and the image of the trace 0x{timeDateStamp:x8}; not used.");
                return null;
            }

            foreach (DebugDirectoryEntry entry in image.ReadDebugDirectory())
            {
                if (entry.Type == DebugDirectoryEntryType.CodeView)
                {
                    CodeViewDebugDirectoryData data = image.ReadCodeViewDebugDirectoryData(entry);
                    return (data.Path[(data.Path.LastIndexOfAny(['\\', '/']) + 1)..], new PdbIdentity(data.Guid, data.Age));
                }
            }

            return null;
        }
        catch (Exception e) when (e is BadImageFormatException or IOException or UnauthorizedAccessException)
        {
            _problems.Add($"{path}: {e.Message}");
            return null;
        }
    }

    private IEnumerable<string> Candidates(string name, PdbIdentity identity) =>
        folders.SelectMany(folder => new[] { Path.Combine(folder, name), Path.Combine(folder, name, identity.ToString(), name) });

    private NativePdb? OpenIf(string path, PdbIdentity identity)
    {
        try
        {
            if (!File.Exists(path))
            {
                return null;
            }

            NativePdb database = NativePdb.Open(path);
            if (database.Identity == identity)
            {
                return database;
            }

            _problems.Add($"{path}: it belongs to {database.Identity}, and the image of the trace to {identity}; not used.");
        }
        catch (Exception e) when (e is PdbFormatException or IOException or UnauthorizedAccessException)
        {
            _problems.Add($"{path}: {e.Message}");
        }

        return null;
    }

    // Names come from traces: one with a folder in it must not lead out of the folders given.
    private static bool IsPlainName(string name) => name.Length > 0 && name is not ("." or "..") && name.AsSpan().IndexOfAny(['/', '\\', ':', '\0']) < 0;
}
