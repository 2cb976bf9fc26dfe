using System.Buffers.Binary;

namespace Tracing.Etl.Tests;

/// <summary>Lays out one record of each kind by hand, from the format notes, padded to 8 bytes.</summary>
internal static class RecordBytes
{
    public static byte[] Event(long time, Guid provider, ushort id, byte[] payload, byte[]? items = null, byte opcode = 0, byte version = 0, bool is64 = true, int thread = 7, int process = 4)
    {
        byte[] record = Start(80 + (items?.Length ?? 0) + payload.Length, is64 ? (byte)19 : (byte)18, sizeAt: 0);
        record[4] = items is null ? (byte)0 : (byte)1;
        Ids(record, thread, process, time);
        provider.TryWriteBytes(record.AsSpan(24));
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(40), id);
        record[42] = version;
        record[45] = opcode;
        items?.CopyTo(record, 80);
        payload.CopyTo(record, 80 + (items?.Length ?? 0));
        return Pad(record);
    }

    public static byte[] Items(params (ushort Type, byte[] Data)[] items)
    {
        List<byte> bytes = [];
        for (int i = 0; i < items.Length; i++)
        {
            int total = 8 + ((items[i].Data.Length + 7) / 8 * 8);
            byte[] item = new byte[total];
            BinaryPrimitives.WriteUInt16LittleEndian(item, (ushort)total);
            BinaryPrimitives.WriteUInt16LittleEndian(item.AsSpan(2), items[i].Type);
            item[4] = i + 1 < items.Length ? (byte)1 : (byte)0;
            BinaryPrimitives.WriteUInt16LittleEndian(item.AsSpan(6), (ushort)items[i].Data.Length);
            items[i].Data.CopyTo(item, 8);
            bytes.AddRange(item);
        }

        return [.. bytes];
    }

    public static byte[] System(long time, ushort hook, byte[] payload, bool is64 = true, byte version = 2, int thread = 7, int process = 4)
    {
        byte[] record = Start(32 + payload.Length, is64 ? (byte)2 : (byte)1, sizeAt: 4);
        Kernel(record, hook, version);
        Ids(record, thread, process, time);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(24), 11);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(28), 22);
        payload.CopyTo(record, 32);
        return Pad(record);
    }

    public static byte[] Compact(long time, ushort hook, byte[] payload, bool is64 = true, byte version = 2, int thread = 7, int process = 4)
    {
        byte[] record = Start(24 + payload.Length, is64 ? (byte)4 : (byte)3, sizeAt: 4);
        Kernel(record, hook, version);
        Ids(record, thread, process, time);
        payload.CopyTo(record, 24);
        return Pad(record);
    }

    public static byte[] PerfInfo(long time, ushort hook, byte[] payload, bool is64 = true, byte version = 2, bool pebs = false, int counters = 0)
    {
        int extras = 8 * ((pebs ? 1 : 0) + counters);
        byte[] record = Start(16 + extras + payload.Length, is64 ? (byte)17 : (byte)16, sizeAt: 4);
        Kernel(record, hook, version);
        record[1] = (byte)((pebs ? 0x80 : 0) | counters);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(8), time);
        record.AsSpan(16, extras).Fill(0xEE);
        payload.CopyTo(record, 16 + extras);
        return Pad(record);
    }

    public static byte[] Full(long time, Guid eventClass, byte opcode, byte[] payload, bool is64 = true, byte version = 2, int thread = 7, int process = 4)
    {
        byte[] record = Start(48 + payload.Length, is64 ? (byte)20 : (byte)10, sizeAt: 0);
        Classic(record, eventClass, opcode, version, thread, process, time);
        payload.CopyTo(record, 48);
        return Pad(record);
    }

    public static byte[] Instance(long time, Guid eventClass, byte opcode, byte[] payload, bool is64 = true, byte version = 2, int thread = 7, int process = 4)
    {
        byte[] record = Start(72 + payload.Length, is64 ? (byte)21 : (byte)11, sizeAt: 0);
        Classic(record, eventClass, opcode, version, thread, process, time);
        payload.CopyTo(record, 72);
        return Pad(record);
    }

    public static byte[] Message(ushort number, byte[] payload, Guid? guid = null, uint? sequence = null, uint? component = null, long? time = null, (int Thread, int Process)? ids = null, bool is64 = true)
    {
        List<byte> parts = [];
        int options = is64 ? 0x80 : 0x40;
        Part(sequence, 1, value => BitConverter.GetBytes(value));
        Part(guid, 2, value => value.ToByteArray());
        Part(component, 4, value => BitConverter.GetBytes(value));
        Part(time, 8, value => BitConverter.GetBytes(value));
        Part(ids, 0x20, value => [.. BitConverter.GetBytes(value.Thread), .. BitConverter.GetBytes(value.Process)]);
        byte[] record = [0, 0, 0, 0x90, 0, 0, 0, 0, .. parts, .. payload];
        BinaryPrimitives.WriteUInt16LittleEndian(record, (ushort)record.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(4), number);
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(6), (ushort)options);
        return Pad(record);

        void Part<T>(T? value, int option, Func<T, byte[]> bytes)
            where T : struct
        {
            if (value is { } present)
            {
                options |= option;
                parts.AddRange(bytes(present));
            }
        }
    }

    private static byte[] Start(int length, byte type, int sizeAt)
    {
        byte[] record = new byte[length];
        record[2] = type;
        record[3] = 0xC0;
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(sizeAt), (ushort)length);
        return record;
    }

    private static void Kernel(byte[] record, ushort hook, byte version)
    {
        record[0] = version;
        BinaryPrimitives.WriteUInt16LittleEndian(record.AsSpan(6), hook);
    }

    private static void Ids(byte[] record, int thread, int process, long time)
    {
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(8), thread);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(12), process);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(16), time);
    }

    private static void Classic(byte[] record, Guid eventClass, byte opcode, byte version, int thread, int process, long time)
    {
        record[4] = opcode;
        record[5] = 3;
        record[6] = version;
        Ids(record, thread, process, time);
        eventClass.TryWriteBytes(record.AsSpan(24));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(40), 11);
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(44), 22);
    }

    private static byte[] Pad(byte[] record) => [.. record, .. new byte[(8 - (record.Length % 8)) % 8]];
}
