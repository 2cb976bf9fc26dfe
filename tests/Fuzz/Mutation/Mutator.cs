using System.Buffers.Binary;

namespace Tracing.Fuzz.Mutation;

/// <summary>
/// Makes bad inputs of good ones. Numbers that mean something get values that readers trip over; bytes are overwritten, copied, moved, repeated and cut. The same random
/// numbers make the same input.
/// </summary>
internal sealed class Mutator(Random random, FuzzSeed[] seeds)
{
    private const int MaximumMutations = 8;
    private const int MaximumGrowth = 1 << 16;

    /// <summary>Makes an input.</summary>
    public byte[] Next()
    {
        FuzzSeed seed = seeds[random.Next(seeds.Length)];
        byte[] input = [.. seed.Bytes];

        // Each further mutation is less likely than the one before: one alone reaches deepest.
        int mutations = 1;
        while (mutations < MaximumMutations && random.Next(3) > 0)
        {
            mutations++;
        }

        for (int i = 0; i < mutations; i++)
        {
            input = Mutate(input, seed.Fields);
        }

        return input;
    }

    private byte[] Mutate(byte[] input, Field[] fields)
    {
        if (input.Length == 0)
        {
            return [(byte)random.Next(256)];
        }

        int choice = random.Next(100);
        return choice switch
        {
            < 55 when fields.Length > 0 => SetField(input, fields[random.Next(fields.Length)], fields),
            < 70 => SetByte(input),
            < 76 => Overwrite(input),
            < 82 => Copy(input),
            < 87 => Cut(input),
            < 91 => Remove(input),
            < 96 => Repeat(input),
            _ => Splice(input),
        };
    }

    private byte[] SetField(byte[] input, Field field, Field[] fields)
    {
        if (field.Offset + field.Width <= input.Length)
        {
            Field other = fields[random.Next(fields.Length)];
            ulong otherValue = other.Offset + other.Width <= input.Length ? Read(input, other) : 0;
            Write(input, field, NewValue(Read(input, field), field.Width, otherValue, input.Length));
        }

        return input;
    }

    private ulong NewValue(ulong value, int width, ulong other, int length) => random.Next(11) switch
    {
        0 => 0,
        1 => ulong.MaxValue,
        2 => 1UL << ((8 * width) - 1),
        3 => (1UL << ((8 * width) - 1)) - 1,
        4 => value + (ulong)random.Next(1, 17),
        5 => value - (ulong)random.Next(1, 17),
        6 => value ^ (1UL << random.Next(8 * width)),
        7 => 1UL << random.Next(8 * width),
        8 => other,
        9 => (ulong)(length + random.Next(-80, 80)),
        _ => (ulong)random.NextInt64(),
    };

    private byte[] SetByte(byte[] input)
    {
        int at = random.Next(input.Length);
        input[at] = random.Next(3) switch
        {
            0 => (byte)(input[at] ^ (1 << random.Next(8))),
            1 => (byte)(input[at] + random.Next(-3, 4)),
            _ => (byte)random.Next(256),
        };
        return input;
    }

    private byte[] Overwrite(byte[] input)
    {
        (int at, int length) = Range(input.Length);
        Span<byte> range = input.AsSpan(at, length);
        if (random.Next(2) == 0)
        {
            random.NextBytes(range);
        }
        else
        {
            range.Fill((byte)(random.Next(2) * 255));
        }

        return input;
    }

    private byte[] Copy(byte[] input)
    {
        (int at, int length) = Range(input.Length);
        input.AsSpan(at, length).CopyTo(input.AsSpan(Aligned(random.Next(input.Length - length + 1))));
        return input;
    }

    private byte[] Cut(byte[] input) => input[..random.Next(input.Length)];

    private byte[] Remove(byte[] input)
    {
        (int at, int length) = Range(input.Length);
        return [.. input[..at], .. input[(at + length)..]];
    }

    private byte[] Repeat(byte[] input)
    {
        (int at, int length) = Range(input.Length);
        return input.Length > MaximumGrowth ? input : [.. input[..(at + length)], .. input[at..]];
    }

    private byte[] Splice(byte[] input)
    {
        byte[] other = seeds[random.Next(seeds.Length)].Bytes;
        return [.. input[..random.Next(input.Length)], .. other[random.Next(other.Length)..]];
    }

    private (int At, int Length) Range(int total)
    {
        int length = Math.Max(1, Aligned(random.Next(1, Math.Min(total, 1 << random.Next(1, 13)) + 1)));
        return (Aligned(random.Next(total - length + 1)), length);
    }

    // What stands in traces stands at multiples of 8 mostly: shifting by others breaks everything after it at once.
    private int Aligned(int value) => random.Next(4) == 0 ? value : value & ~7;

    private static ulong Read(byte[] input, Field field)
    {
        ulong value = 0;
        for (int i = field.Width - 1; i >= 0; i--)
        {
            value = (value << 8) | input[field.Offset + i];
        }

        return value;
    }

    private static void Write(byte[] input, Field field, ulong value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, value);
        bytes[..field.Width].CopyTo(input.AsSpan(field.Offset));
    }
}
