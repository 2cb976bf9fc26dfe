using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Tracing.Driver.Tests.Binary;

/// <summary>A function that the driver's IL imports.</summary>
internal sealed record IntermediateImport(string Name, string Module, bool SuppressesTransition);

/// <summary>The IL that kmutex.sys was compiled from.</summary>
internal sealed class IntermediateCode : IDisposable
{
    private readonly PEReader _reader;
    private readonly MetadataReader _metadata;

    private IntermediateCode(byte[] file)
    {
        _reader = new PEReader(ImmutableArray.Create(file));
        _metadata = _reader.GetMetadataReader();
    }

    internal IEnumerable<IntermediateImport> Imports => Methods
        .Select(handle => _metadata.GetMethodDefinition(handle))
        .Where(method => !method.GetImport().Module.IsNil)
        .Select(method => new IntermediateImport(
            _metadata.GetString(method.GetImport().Name),
            _metadata.GetString(_metadata.GetModuleReference(method.GetImport().Module).Name),
            method.GetCustomAttributes().Any(attribute => NameOf(attribute) == "SuppressGCTransitionAttribute")));

    /// <summary>The names of all methods, with their types.</summary>
    internal IEnumerable<string> MethodNames => Methods.Select(NameOf);

    /// <summary>All protected regions, with the names of their methods.</summary>
    internal IEnumerable<(string Method, ExceptionRegionKind Kind)> ExceptionRegions =>
        from handle in Methods
        let method = _metadata.GetMethodDefinition(handle)
        where method.RelativeVirtualAddress != 0
        from region in _reader.GetMethodBody(method.RelativeVirtualAddress).ExceptionRegions
        select (NameOf(handle), region.Kind);

    private IEnumerable<MethodDefinitionHandle> Methods => _metadata.MethodDefinitions;

    internal static IntermediateCode Load() => new(BuiltDriver.IntermediateCode);

    public void Dispose() => _reader.Dispose();

    private string NameOf(MethodDefinitionHandle handle)
    {
        MethodDefinition method = _metadata.GetMethodDefinition(handle);
        TypeDefinition type = _metadata.GetTypeDefinition(method.GetDeclaringType());
        return $"{_metadata.GetString(type.Name)}.{_metadata.GetString(method.Name)}";
    }

    private string NameOf(CustomAttributeHandle handle)
    {
        EntityHandle constructor = _metadata.GetCustomAttribute(handle).Constructor;
        TypeDefinitionHandle type = _metadata.GetMethodDefinition((MethodDefinitionHandle)constructor).GetDeclaringType();
        return _metadata.GetString(_metadata.GetTypeDefinition(type).Name);
    }
}
