using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Tracing.Driver.Tests.Binary;

/// <summary>A function that the driver's IL imports.</summary>
internal sealed record IntermediateImport(string Name, SignatureTypeCode ReturnType);

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

    /// <summary>The imports: methods without a body that name a symbol. The attribute's blob is a prolog of two bytes, then the name with its length before it.</summary>
    internal IEnumerable<IntermediateImport> Imports =>
        from handle in Methods
        let method = _metadata.GetMethodDefinition(handle)
        from attribute in method.GetCustomAttributes()
        where NameOf(attribute) == "RuntimeImportAttribute"
        let value = _metadata.GetBlobReader(_metadata.GetCustomAttribute(attribute).Value)
        select new IntermediateImport(SymbolIn(value), ReturnTypeOf(method));

    /// <summary>Methods that call out of the image in another way.</summary>
    internal IEnumerable<string> PlatformInvokes => Methods
        .Where(handle => !_metadata.GetMethodDefinition(handle).GetImport().Module.IsNil)
        .Select(NameOf);

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

    private static string SymbolIn(BlobReader value)
    {
        _ = value.ReadUInt16();
        return value.ReadSerializedString()!;
    }

    private SignatureTypeCode ReturnTypeOf(MethodDefinition method)
    {
        BlobReader signature = _metadata.GetBlobReader(method.Signature);
        _ = signature.ReadSignatureHeader();
        _ = signature.ReadCompressedInteger();
        return signature.ReadSignatureTypeCode();
    }

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
