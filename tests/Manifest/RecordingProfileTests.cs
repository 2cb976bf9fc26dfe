using System.Xml.Linq;
using Tracing.Events;

namespace Tracing.Manifest.Tests;

/// <summary>trace.wprp: free of the traps that WPR's schema leaves open, and of one mind with the manifest.</summary>
public sealed class RecordingProfileTests
{
    private static readonly string Text = File.ReadAllText(Path.Combine(Sources.Root, "trace.wprp"));

    private static readonly RecordingProfile Profile = new(Text);

    private static XElement Light => Provider("EventProvider_KMutex_Light");

    private static XElement Verbose => Provider("EventProvider_KMutex_Verbose");

    /// <summary>What stands in the profile, what replaces it, and the beginning of what must be said.</summary>
    public static TheoryData<string, string, string> Traps => new()
    {
        { "<EventProviderId Value=\"EventProvider_KMutex_Light\" />", "<EventProviderId Value=\"EventProvider_Light\" />", "EventProviderId 'EventProvider_Light' refers to nothing." },
        { "<SystemProviderId Value=\"SystemProvider_KMutex_Light\" />", "<SystemProviderId Value=\"Cpu\" />", "SystemProviderId 'Cpu' refers to nothing." },
        { "<EventCollectorId Value=\"EventCollector_KMutex\">", "<EventCollectorId Value=\"Collector\">", "EventCollectorId 'Collector' refers to nothing." },
        { "<SystemCollectorId Value=\"SystemCollector_KMutex\">", "<SystemCollectorId Value=\"Collector\">", "SystemCollectorId 'Collector' refers to nothing." },
        { "Id=\"SystemProvider_KMutex_Verbose\"", "Id=\"SystemProvider_KMutex_Light\"", "The Id 'SystemProvider_KMutex_Light' is there 2 times." },
        { "Value=\"0x3B\"", "Value=\"59\"", "The keyword '59' is not hexadecimal after 0x." },
        { "Value=\"0x3B\"", "Value=\"0xLock\"", "The keyword '0xLock' is not hexadecimal after 0x." },
        { "Name=\"0a", "Name=\"{0a", "The Name of EventProvider_KMutex_Light is not a GUID without braces." },
        { "Level=\"4\"", "Level=\"Informational\"", "The Level of EventProvider_KMutex_Light is not a number." },
        { "Level=\"5\" Stack=\"true\" NonPagedMemory=\"true\"", "Level=\"5\" Stack=\"true\"", "EventProvider_KMutex_Verbose lacks NonPagedMemory" },
        { "Id=\"KMutex.Light.File\"", "Id=\"KMutexLight\"", "The Id 'KMutexLight' is not Name.DetailLevel.LoggingMode." },
        { "Base=\"KMutex.Light.File\"", "Base=\"KMutex.Verbose.File\"", "The Base of 'KMutex.Light.Memory' is not 'KMutex.Light.File'." },
        { "Base=\"KMutex.Light.File\"", "", "The Base of 'KMutex.Light.Memory' is not 'KMutex.Light.File'." },
        { "<SystemProviderId Value=\"SystemProvider_KMutex_Verbose\" />", "<StackCaching BucketCount=\"256\" CacheSize=\"3072\" /><SystemProviderId Value=\"SystemProvider_KMutex_Verbose\" />", "StackCaching stands in a SystemCollectorId" },
        { "</Profiles>", "<EventCollector Id=\"Late\" Name=\"Late\" /></Profiles>", "The definitions are not in the order" },
    };

    [Fact]
    public void The_profile_falls_into_no_trap() => Assert.Empty(Profile.Problems());

    [Theory]
    [MemberData(nameof(Traps))]
    public void Each_trap_is_found(string sound, string broken, string expected)
    {
        Assert.Contains(sound, Text, StringComparison.Ordinal);
        Assert.Contains(new RecordingProfile(Text.Replace(sound, broken, StringComparison.Ordinal)).Problems(), problem => problem.StartsWith(expected, StringComparison.Ordinal));
    }

    [Fact]
    public void A_missing_twin_is_found()
    {
        XElement root = XElement.Parse(Text);
        root.Descendants("Profile").Single(profile => (string?)profile.Attribute("Id") == "KMutex.Verbose.Memory").Remove();
        Assert.Equal(["The profile 'KMutex.Verbose.File' has no twin of the other LoggingMode."], new RecordingProfile(root.ToString()).Problems());
    }

    [Fact]
    public void There_are_four_profiles() => Assert.Equal(
        ["KMutex.Light.File", "KMutex.Light.Memory", "KMutex.Verbose.File", "KMutex.Verbose.Memory"],
        Profile.Profiles.Select(profile => (string)profile.Attribute("Id")!));

    [Fact]
    public void The_provider_is_the_manifests() =>
        Assert.All(Profile.EventProviders, provider => Assert.Equal(Sources.Manifest.Provider.Id, Guid.Parse((string)provider.Attribute("Name")!)));

    [Fact]
    public void Light_asks_for_all_but_the_flood_and_verbose_for_all()
    {
        Assert.Equal((ulong)(KMutexKeywords.All & ~KMutexKeywords.Lock), RecordingProfile.Mask(Light, "Keywords"));
        Assert.Equal((ulong)KMutexKeywords.All, RecordingProfile.Mask(Verbose, "Keywords"));
        Assert.Equal(KMutexEventTable.Find((ushort)KMutexEventId.AcquireBlocked)!.Level, byte.Parse((string)Light.Attribute("Level")!, null));
        Assert.Equal(KMutexEventTable.All.Max(@event => @event.Level), byte.Parse((string)Verbose.Attribute("Level")!, null));
    }

    [Fact]
    public void The_rundown_is_asked_for_at_start_and_on_save() => Assert.All(Profile.EventProviders, provider =>
    {
        Assert.Equal((ulong)KMutexKeywords.Rundown, RecordingProfile.Mask(provider, "CaptureStateOnStart"));
        Assert.Equal((ulong)KMutexKeywords.Rundown, RecordingProfile.Mask(provider, "CaptureStateOnSave"));
    });

    [Fact]
    public void Only_verbose_takes_stacks()
    {
        Assert.Null(Light.Attribute("Stack"));
        Assert.Equal("true", (string?)Verbose.Attribute("Stack"));
        Assert.Equal(["CSwitch", "ReadyThread", "SampledProfile"], Profile.Values("Stack"));
    }

    [Fact]
    public void The_merged_trace_names_its_images_and_carries_the_manifest()
    {
        Assert.Equal(["ImageId", "BuildInfo", "VolumeMapping", "EventMetadata"], Profile.Values("CustomEvent"));
        Assert.Equal(["true"], Profile.Values("FileCompression"));
    }

    private static XElement Provider(string id) => Assert.Single(Profile.EventProviders, provider => (string?)provider.Attribute("Id") == id);
}
