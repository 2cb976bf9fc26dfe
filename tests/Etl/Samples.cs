using CsCheck;

namespace Tracing.Etl.Tests;

/// <summary>Bytes to be compressed: noise, few values, one value, a repeated piece.</summary>
internal static class Samples
{
    public static readonly Gen<byte[]> Compressible = Gen.OneOf(
        Gen.Byte.Array[0, 3000],
        Gen.Byte[0, 3].Array[0, 20_000],
        Gen.Select(Gen.Byte, Gen.Int[0, 70_000]).Select((value, count) => Enumerable.Repeat(value, count).ToArray()),
        Gen.Select(Gen.Byte.Array[1, 40], Gen.Int[1, 400]).Select((piece, count) => Enumerable.Repeat(piece, count).SelectMany(bytes => bytes).ToArray()));
}
