using System.Buffers.Binary;
using System.Text;

namespace Tracing.Analyzer.Tests.Symbols;

/// <summary>Lays out a native program database by hand, from LLVM's description of the format: two sections, .text at 0x1000 and .data at 0x3000, and public symbols.</summary>
internal sealed class PdbBuilder
{
    public const int BlockSize = 512;

    private readonly List<byte> _symbols = [];

    public Guid Signature { get; init; } = new("4f71b41b-ec8f-cc89-4c4c-44205044422e");

    public int Age { get; init; } = 1;

    /// <summary>Whether it says that the image was rearranged after it was linked.</summary>
    public bool Rearranged { get; init; }

    public PdbBuilder Public(string name, ushort section, uint offset)
    {
        byte[] text = Encoding.UTF8.GetBytes(name + '\0');
        int length = (12 + text.Length + 3) & ~3;
        byte[] record = new byte[2 + length];
        BinaryPrimitives.WriteUInt16LittleEndian(record, (ushort)length);
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(2), 0x110E);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(8), offset);
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(12), section);
        text.CopyTo(record, 14);
        return Symbol(record);
    }

    public PdbBuilder Symbol(byte[] record)
    {
        _symbols.AddRange(record);
        return this;
    }

    public byte[] Build()
    {
        byte[] info = [.. BitConverter.GetBytes(20000404), .. BitConverter.GetBytes(0), .. BitConverter.GetBytes(Age + 5), .. Signature.ToByteArray()];
        byte[] sections = [.. Section(0x1000, 0x1800, 0x6000_0020), .. Section(0x3000, 0x800, 0xC000_0040)];
        byte[] dbi = new byte[64 + 22];
        BinaryPrimitives.WriteInt32LittleEndian(dbi, -1);
        BinaryPrimitives.WriteInt32LittleEndian(dbi.AsSpan(8), Age);
        BinaryPrimitives.WriteUInt16LittleEndian(dbi.AsSpan(20), 5);
        BinaryPrimitives.WriteInt32LittleEndian(dbi.AsSpan(48), 22);
        dbi.AsSpan(64).Fill(0xFF);
        BinaryPrimitives.WriteUInt16LittleEndian(dbi.AsSpan(64 + 10), 4);
        if (Rearranged)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(dbi.AsSpan(64 + 8), 4);
        }

        return Container([[], info, [], dbi, sections, [.. _symbols]]);
    }

    /// <summary>Streams into blocks, from the fourth block on, then the directory and its map.</summary>
    public static byte[] Container(byte[][] streams)
    {
        List<byte> blocks = [];
        List<byte> directory = [.. BitConverter.GetBytes(streams.Length), .. streams.SelectMany(stream => BitConverter.GetBytes(stream.Length))];
        foreach (byte[] stream in streams)
        {
            directory.AddRange(Append(stream));
        }

        int directoryLength = directory.Count;
        byte[] map = Append([.. directory]);
        int mapBlock = BitConverter.ToInt32(Append(map));
        byte[] super = new byte[3 * BlockSize];
        "Microsoft C/C++ MSF 7.00\r\n\u001aDS\0\0\0"u8.CopyTo(super);
        BinaryPrimitives.WriteInt32LittleEndian(super.AsSpan(32), BlockSize);
        BinaryPrimitives.WriteInt32LittleEndian(super.AsSpan(36), 1);
        BinaryPrimitives.WriteInt32LittleEndian(super.AsSpan(40), 3 + (blocks.Count / BlockSize));
        BinaryPrimitives.WriteInt32LittleEndian(super.AsSpan(44), directoryLength);
        BinaryPrimitives.WriteInt32LittleEndian(super.AsSpan(52), mapBlock);
        return [.. super, .. blocks];

        byte[] Append(byte[] content)
        {
            int first = 3 + (blocks.Count / BlockSize);
            int count = (content.Length + BlockSize - 1) / BlockSize;
            blocks.AddRange(content);
            blocks.AddRange(new byte[(count * BlockSize) - content.Length]);
            return [.. Enumerable.Range(first, count).SelectMany(BitConverter.GetBytes)];
        }
    }

    private static byte[] Section(uint address, uint length, uint characteristics)
    {
        byte[] header = new byte[40];
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(8), length);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(12), address);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(36), characteristics);
        return header;
    }
}
