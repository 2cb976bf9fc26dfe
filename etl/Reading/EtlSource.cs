using Microsoft.Win32.SafeHandles;

namespace Tracing.Etl.Reading;

/// <summary>
/// The bytes of a file, read at any offset from any thread. Positional reads and not a memory map: a file that is cut while it is read gives a short read here, and
/// would end the process there.
/// </summary>
internal sealed class EtlSource : IDisposable
{
    private readonly SafeFileHandle? _handle;
    private readonly ReadOnlyMemory<byte> _content;

    private EtlSource(string name, SafeFileHandle? handle, ReadOnlyMemory<byte> content, long length)
    {
        Name = name;
        _handle = handle;
        _content = content;
        Length = length;
    }

    public string Name { get; }

    /// <summary>Bytes in the file when it was opened.</summary>
    public long Length { get; }

    public static EtlSource FromFile(string path)
    {
        if (Directory.Exists(path))
        {
            throw new EtlFormatException(path, 0, "this is a directory; expected an .etl file. Name the file in it.");
        }

        SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            return new EtlSource(path, handle, default, RandomAccess.GetLength(handle));
        }
        catch (NotSupportedException e)
        {
            handle.Dispose();
            throw new EtlFormatException(path, 0, "this cannot be read at any offset, as a pipe or device cannot; expected an .etl file. Save it to a file first.", e);
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    public static EtlSource FromMemory(ReadOnlyMemory<byte> content, string name) => new(name, null, content, content.Length);

    /// <summary>Fills <paramref name="destination"/> from <paramref name="offset"/> on.</summary>
    /// <returns>How many bytes there were: fewer than asked for only at the file's end.</returns>
    public int Read(long offset, Span<byte> destination)
    {
        if (_handle is null)
        {
            ReadOnlySpan<byte> rest = offset < _content.Length ? _content.Span[(int)offset..] : [];
            rest = rest[..Math.Min(rest.Length, destination.Length)];
            rest.CopyTo(destination);
            return rest.Length;
        }

        int total = 0;
        while (total < destination.Length)
        {
            int count = RandomAccess.Read(_handle, destination[total..], offset + total);
            if (count == 0)
            {
                break;
            }

            total += count;
        }

        return total;
    }

    public void Dispose() => _handle?.Dispose();
}
