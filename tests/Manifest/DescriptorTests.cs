using System.Globalization;
using System.Text.RegularExpressions;
using Tracing.Events;
using Tracing.Manifest.Model;

namespace Tracing.Manifest.Tests;

/// <summary>The table of descriptors in descriptors.txt against the manifest and the decoders; the writers meet it in <see cref="RoundTripTests"/>.</summary>
public sealed partial class DescriptorTests
{
    /// <summary>The committed descriptors by the name of their event.</summary>
    internal static IReadOnlyDictionary<string, Descriptor> Committed { get; } = Read();

    [Fact]
    public void The_manifest_gives_the_committed_descriptors()
    {
        EventManifest manifest = Sources.Manifest;
        Assert.Equal(Committed.OrderBy(entry => entry.Value.Id), manifest.Events.Select(@event => KeyValuePair.Create(@event.Name, new Descriptor(
            @event.Id, @event.Version, 0, manifest.LevelOf(@event), manifest.OpcodeOf(@event), manifest.TaskOf(@event), manifest.KeywordMask(@event)))));
    }

    [Fact]
    public void The_decoders_have_the_committed_descriptors()
    {
        Assert.Equal(Committed.OrderBy(entry => entry.Value.Id), KMutexEventTable.All.Select(description => KeyValuePair.Create(description.Name, new Descriptor(
            description.Id, description.Version, 0, description.Level, description.Opcode, description.Task, description.Keyword))));
        Assert.All(Committed, entry => Assert.Equal(entry.Value.Id, (uint)Enum.Parse<KMutexEventId>(entry.Key)));
        Assert.All(Committed, entry => Assert.Equal(entry.Key, KMutexEventTable.Find((ushort)entry.Value.Id)!.Name));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    [InlineData(41)]
    [InlineData(ushort.MaxValue)]
    public void A_number_without_event_is_found_to_have_none(ushort id) => Assert.Null(KMutexEventTable.Find(id));

    [Theory]
    [InlineData("ProviderStopped", KMutexKeywords.All)]
    [InlineData("SiteDefined", KMutexKeywords.Lifetime | KMutexKeywords.Rundown)]
    [InlineData("MutexAcquiredContended", KMutexKeywords.Contention | KMutexKeywords.Lock)]
    [InlineData("IrqlRejected", KMutexKeywords.Irql)]
    [InlineData("MisuseDetected", KMutexKeywords.Misuse)]
    public void Keywords_of_the_decoders_are_the_bits_of_the_descriptors(string name, KMutexKeywords keywords) =>
        Assert.Equal(Committed[name].Keyword, (ulong)keywords);

    private static Dictionary<string, Descriptor> Read() =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "descriptors.txt"))
            .Where(line => !line.StartsWith("//", StringComparison.Ordinal))
            .Select(line => Line().Match(line))
            .ToDictionary(match => match.Groups["name"].Value, match =>
            {
                ulong[] parts = [.. match.Groups["number"].Captures.Select(number => ulong.Parse(number.Value, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture))];
                return new Descriptor((uint)parts[0], (uint)parts[1], (uint)parts[2], (uint)parts[3], (uint)parts[4], (uint)parts[5], parts[6]);
            });

    [GeneratedRegex(@"^(?<name>\w+)\s+\{(0x(?<number>[0-9a-f]+)(, )?){7}\}$")]
    private static partial Regex Line();
}

/// <summary>The parts of an EVENT_DESCRIPTOR.</summary>
internal readonly record struct Descriptor(uint Id, uint Version, uint Channel, uint Level, uint Opcode, uint Task, ulong Keyword);
