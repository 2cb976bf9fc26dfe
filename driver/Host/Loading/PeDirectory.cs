namespace Tracing.Host.Loading;

/// <summary>A data directory: an RVA and a size in bytes, inside the image. Size 0: absent.</summary>
internal readonly record struct PeDirectory(uint Rva, uint Size);
