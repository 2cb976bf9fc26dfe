using Tracing.Analyzer.Tests.Symbols;
using Tracing.Fuzz.Mutation;
using Tracing.Symbols;

namespace Tracing.Fuzz.Targets;

/// <summary>Native program databases, which name the functions of call stacks.</summary>
internal sealed class PdbTarget : FuzzTarget
{
    // Little, so that a file that decides how much memory is taken stands out.
    private static readonly PdbLimits Limits = new() { MaximumDirectoryBytes = 1 << 16, MaximumStreamBytes = 1 << 18 };

    public override string Name => "pdb";

    public override long AllocationLimit => 8 << 20;

    protected override FuzzSeed[] MakeSeeds()
    {
        PdbBuilder many = new();
        for (uint i = 0; i < 100; i++)
        {
            many.Public($"?Function{i}@@YAXXZ", (ushort)(1 + (i % 2)), 16 * i);
        }

        return [Seed(new PdbBuilder().Public("Second", 1, 0x200).Public("First", 1, 0x100)), Seed(many)];
    }

    public override bool Read(byte[] input)
    {
        try
        {
            NativePdb pdb = NativePdb.Read(new MemoryStream(input), Limits);
            foreach (uint address in (uint[])[0, 0xFFF, 0x1000, 0x1101, 0x2800, 0x3000, uint.MaxValue])
            {
                _ = pdb.TryFind(address, out _, out _);
            }

            return true;
        }
        catch (PdbFormatException)
        {
            return false;
        }
    }

    // Numbers have 4 bytes mostly and stand anywhere; where nothing stands, there is none.
    private static FuzzSeed Seed(PdbBuilder builder)
    {
        byte[] bytes = builder.Build();
        return new FuzzSeed(bytes, [.. Enumerable.Range(0, (bytes.Length / 2) - 1)
            .Select(i => new Field(2 * i, i % 2 == 0 ? 4 : 2))
            .Where(field => bytes.AsSpan(field.Offset, field.Width).ContainsAnyExcept((byte)0))]);
    }
}
