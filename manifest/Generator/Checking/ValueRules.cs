using System.Collections.Generic;
using System.Linq;
using Tracing.Manifest.Model;
using Tracing.Manifest.Reading;

namespace Tracing.Manifest.Checking;

/// <summary>
/// Numbers lie where they may. Sources: eventman.xsd for what Windows reserves; the rest are the rules of this house, each with its reason.
/// </summary>
internal static class ValueRules
{
    /// <summary>The driver keeps one bit per event in a 64-bit word, at the event's own number.</summary>
    internal const uint GreatestEventId = 63;

    private const uint FirstOpcode = 10;
    private const uint LastOpcode = 239;
    private const ulong UserKeywords = 0x0000_FFFF_FFFF_FFFF;

    internal static IEnumerable<ManifestProblem> Check(EventManifest manifest) =>
        Keywords(manifest).Concat(Numbers(manifest)).Concat(Maps(manifest)).Concat(Events(manifest));

    private static IEnumerable<ManifestProblem> Keywords(EventManifest manifest)
    {
        foreach (KeywordDefinition keyword in manifest.Keywords)
        {
            if (!IsOneBit(keyword.Mask))
            {
                yield return new ManifestProblem(
                    keyword.Position,
                    $"The mask 0x{keyword.Mask:X} of keyword {keyword.Name} is not a single bit.");
            }
            else if ((keyword.Mask & UserKeywords) == 0)
            {
                yield return new ManifestProblem(
                    keyword.Position,
                    $"The mask 0x{keyword.Mask:X} of keyword {keyword.Name} is among bits 48 to 63, which Windows reserves.");
            }
        }
    }

    private static IEnumerable<ManifestProblem> Numbers(EventManifest manifest) =>
        manifest.Tasks.Where(task => task.Value == 0)
            .Select(task => new ManifestProblem(task.Position, $"The task {task.Name} has the value 0, which means 'no task'."))
            .Concat(manifest.Opcodes.Where(opcode => opcode.Value is < FirstOpcode or > LastOpcode)
                .Select(opcode => new ManifestProblem(
                    opcode.Position,
                    $"The opcode {opcode.Name} has the value {opcode.Value}, expected {FirstOpcode} to {LastOpcode}: the others are the system's.")));

    private static IEnumerable<ManifestProblem> Maps(EventManifest manifest)
    {
        foreach (MapDefinition map in manifest.Maps)
        {
            foreach (MapValueDefinition value in map.Values)
            {
                if (value.Value is 0 or > byte.MaxValue)
                {
                    yield return new ManifestProblem(
                        value.Position,
                        $"The map {map.Name} names the value {value.Value}, expected 1 to 255: mapped fields are bytes, and 0 must not "
                        + "look like an answer.");
                }
                else if (map.IsBitMap && !IsOneBit(value.Value))
                {
                    yield return new ManifestProblem(
                        value.Position,
                        $"The bit map {map.Name} names 0x{value.Value:X}, which is not a single bit.");
                }
            }
        }
    }

    private static IEnumerable<ManifestProblem> Events(EventManifest manifest)
    {
        foreach (EventDefinition @event in manifest.Events)
        {
            if (@event.Id is 0 or > GreatestEventId)
            {
                yield return new ManifestProblem(
                    @event.Position,
                    $"The event {@event.Name} has the number {@event.Id}, expected 1 to {GreatestEventId}: the driver keeps one bit "
                    + "per number.");
            }

            if (@event.Symbol != @event.Name)
            {
                yield return new ManifestProblem(
                    @event.Position,
                    $"The event {@event.Name} has the symbol '{@event.Symbol}', expected its name: C and C# call it the same.");
            }

            if (@event.Keywords.Count == 0)
            {
                yield return new ManifestProblem(
                    @event.Position,
                    $"The event {@event.Name} has no keyword: no session could do without it.");
            }
        }
    }

    private static bool IsOneBit(ulong mask) => mask != 0 && (mask & (mask - 1)) == 0;
}
