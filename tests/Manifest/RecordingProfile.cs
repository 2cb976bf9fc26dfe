using System.Globalization;
using System.Xml.Linq;

namespace Tracing.Manifest.Tests;

/// <summary>
/// Lints a WPR profile for what its public schema lets through and WPR then refuses at run time, or worse, silently records nothing for.
/// Sources: the WPR profile pages of the Windows Performance Toolkit documentation.
/// </summary>
internal sealed class RecordingProfile(string text)
{
    private static readonly string[] Order = ["SystemCollector", "EventCollector", "SystemProvider", "EventProvider", "Profile"];

    private readonly XElement _root = XElement.Parse(text);

    public IEnumerable<XElement> EventProviders => _root.Descendants("EventProvider");

    public IEnumerable<XElement> Profiles => _root.Descendants("Profile");

    /// <summary>The OR of the keywords in one of a provider's lists: Keywords, CaptureStateOnStart or CaptureStateOnSave.</summary>
    public static ulong Mask(XElement provider, string list) => provider.Elements(list).Elements("Keyword").Select(Value)
        .Aggregate(0UL, (mask, keyword) => mask | ulong.Parse(keyword.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));

    /// <summary>The items of a collection that stand under an element anywhere.</summary>
    public IEnumerable<string> Values(string element) => _root.Descendants(element).Select(Value);

    /// <summary>Everything wrong, a sentence each.</summary>
    public IEnumerable<string> Problems() =>
        [.. OrderProblems(), .. DanglingIds(), .. DoubleIds(), .. KeywordProblems(), .. ProviderProblems(), .. ProfileProblems(), .. StackCachingProblems()];

    private IEnumerable<string> OrderProblems()
    {
        int[] places = [.. _root.Elements("Profiles").Elements().Select(element => Array.IndexOf(Order, element.Name.LocalName))];
        return places.Zip(places.Skip(1)).Any(pair => pair.First > pair.Second) ? [$"The definitions are not in the order {string.Join(", ", Order)}."] : [];
    }

    private IEnumerable<string> DanglingIds() =>
        from kind in new[] { "SystemCollector", "EventCollector", "SystemProvider", "EventProvider" }
        let defined = _root.Descendants(kind).Select(element => (string?)element.Attribute("Id")).ToHashSet()
        from used in Values(kind + "Id")
        where !defined.Contains(used)
        select $"{kind}Id '{used}' refers to nothing.";

    private IEnumerable<string> DoubleIds() => _root.Descendants().Select(element => (string?)element.Attribute("Id")).OfType<string>()
        .GroupBy(id => id).Where(group => group.Count() > 1).Select(group => $"The Id '{group.Key}' is there {group.Count()} times.");

    private IEnumerable<string> KeywordProblems() => EventProviders.Descendants("Keyword").Select(Value)
        .Where(value => !value.StartsWith("0x", StringComparison.Ordinal) || !ulong.TryParse(value.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _))
        .Select(value => $"The keyword '{value}' is not hexadecimal after 0x.");

    private IEnumerable<string> ProviderProblems()
    {
        foreach (XElement provider in EventProviders)
        {
            string id = Attribute(provider, "Id");
            if (!Guid.TryParseExact(Attribute(provider, "Name"), "D", out _))
            {
                yield return $"The Name of {id} is not a GUID without braces.";
            }

            if (!byte.TryParse(Attribute(provider, "Level"), NumberStyles.None, CultureInfo.InvariantCulture, out _))
            {
                yield return $"The Level of {id} is not a number.";
            }

            if (Attribute(provider, "NonPagedMemory") != "true")
            {
                yield return $"{id} lacks NonPagedMemory: a driver writes where nothing may be paged in.";
            }
        }
    }

    private IEnumerable<string> ProfileProblems()
    {
        HashSet<string> ids = [.. Profiles.Select(profile => Attribute(profile, "Id"))];
        foreach (XElement profile in Profiles)
        {
            string id = Attribute(profile, "Id");
            string group = $"{Attribute(profile, "Name")}.{Attribute(profile, "DetailLevel")}.";
            if (id != group + Attribute(profile, "LoggingMode"))
            {
                yield return $"The Id '{id}' is not Name.DetailLevel.LoggingMode.";
            }

            if (!ids.Contains(group + "Memory") || !ids.Contains(group + "File"))
            {
                yield return $"The profile '{id}' has no twin of the other LoggingMode.";
            }

            if (Attribute(profile, "LoggingMode") == "Memory" && Attribute(profile, "Base") != group + "File")
            {
                yield return $"The Base of '{id}' is not '{group}File'.";
            }
        }
    }

    /// <summary>Inside a …CollectorId override WPR refuses it at run time; on the collector itself it works.</summary>
    private IEnumerable<string> StackCachingProblems() => _root.Descendants("StackCaching")
        .Where(element => element.Parent!.Name.LocalName.EndsWith("CollectorId", StringComparison.Ordinal))
        .Select(element => $"StackCaching stands in a {element.Parent!.Name.LocalName}, expected on the collector itself.");

    private static string Value(XElement element) => Attribute(element, "Value");

    private static string Attribute(XElement element, string name) => (string?)element.Attribute(name) ?? "";
}
