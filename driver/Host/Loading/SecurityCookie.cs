using System.Buffers.Binary;

namespace Tracing.Host.Loading;

/// <summary>
/// Seeds the image's security cookie, as the Windows loader does. Source: IMAGE_LOAD_CONFIG_DIRECTORY64 in "PE Format": SecurityCookie at
/// 0x58.
/// </summary>
internal static class SecurityCookie
{
    private const int CookieField = 0x58;

    /// <summary>Replaces the cookie in place; an image without one is left as it is.</summary>
    /// <param name="image">The mapped and relocated image.</param>
    /// <param name="directory">Its load configuration directory.</param>
    /// <param name="imageBase">The address the image is relocated to.</param>
    /// <param name="path">The file, for messages.</param>
    internal static void Seed(Span<byte> image, PeDirectory directory, ulong imageBase, string path)
    {
        PeBytes bytes = new(image, path, "RVA");
        if (directory.Size == 0 || bytes.U32(directory.Rva, "the load configuration") < CookieField + 8)
        {
            return;
        }

        ulong address = bytes.U64(directory.Rva + CookieField, "the load configuration");
        if (address == 0)
        {
            return;
        }

        ulong rva = address - imageBase;
        _ = bytes.U64(rva, "the security cookie");

        // The two high bytes stay zero, as the loader's do: a string overflow cannot write them.
        ulong seed = ((ulong)Random.Shared.NextInt64() & 0x0000_FFFF_FFFF_FFFF) | 1;
        BinaryPrimitives.WriteUInt64LittleEndian(image[(int)rva..], seed);
    }
}
