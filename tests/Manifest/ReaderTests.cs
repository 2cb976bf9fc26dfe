using Tracing.Manifest.Reading;

namespace Tracing.Manifest.Tests;

/// <summary>Text that cannot be read as a manifest of ours: said with its place, never thrown, never skipped.</summary>
public sealed class ReaderTests
{
    [Theory]
    [InlineData("", "The manifest is not well-formed XML")]
    [InlineData("no manifest", "The manifest is not well-formed XML")]
    [InlineData("<instrumentationManifest>", "The manifest is not well-formed XML")]
    [InlineData("<!DOCTYPE x [<!ENTITY a 'a'>]><x>&a;</x>", "The manifest is not well-formed XML")]
    [InlineData("<other/>", "The root element is 'other', expected '{http://schemas.microsoft.com/win/2004/08/events}instrumentationManifest'.")]
    [InlineData("<instrumentationManifest xmlns='https://schemas.microsoft.com/win/2004/08/events'/>", "The root element is '{https://")]
    [InlineData("<instrumentationManifest xmlns='http://schemas.microsoft.com/win/2004/08/events'/>", "The manifest has 0 providers, expected exactly one.")]
    public void What_is_no_manifest_is_said_to_be_none(string text, string expected)
    {
        Assert.Null(ManifestReader.Read(text, out IReadOnlyList<ManifestProblem> problems));
        Assert.StartsWith(expected, Assert.Single(problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Broken_XML_is_said_with_its_line()
    {
        string text = BrokenManifest.Text("</tasks>", "</task>");
        Assert.Null(ManifestReader.Read(text, out IReadOnlyList<ManifestProblem> problems));
        Assert.Equal(BrokenManifest.LineOf(text, "</keywords>") + Distance("</keywords>", "</tasks>"), Assert.Single(problems).Position.Line);

        static int Distance(string from, string to) => BrokenManifest.LineOf(Sources.ManifestText, to) - BrokenManifest.LineOf(Sources.ManifestText, from);
    }

    [Theory]
    [InlineData("mask=\"0x10\" ", "", "The element 'keyword' lacks the attribute 'mask'.")]
    [InlineData("mask=\"0x10\"", "mask=\"0xZZ\"", "The mask '0xZZ' is not a number from 0 to 18446744073709551615")]
    [InlineData("<event value=\"40\"", "<event value=\"-1\"", "The value '-1' is not a number from 0 to 65535")]
    [InlineData("<event value=\"40\"", "<event value=\"65536\"", "The value '65536' is not a number from 0 to 65535")]
    [InlineData("<event value=\"40\" version=\"0\"", "<event value=\"40\" version=\"256\"", "The version '256' is not a number from 0 to 255")]
    [InlineData("<event value=\"40\" version=\"0\"", "<event value=\"40\"", "The element 'event' lacks the attribute 'version'.")]
    [InlineData("guid=\"{", "guid=\"{z", "The guid '{z")]
    [InlineData("$(string.task.Site)", "Site", "The message 'Site' is not a reference of the form '$(string.id)'.")]
    [InlineData("<tasks>", "<channels/><tasks>", "The element 'channels' is not supported here, expected one of: keywords, tasks, opcodes, maps, templates, events.")]
    [InlineData("<template tid=\"RundownEnded\">", "<template tid=\"RundownEnded\"><struct name=\"S\"/>", "The element 'struct' is not supported here, expected one of: data.")]
    [InlineData("<data name=\"Written\"", "<data name=\"Written\" count=\"2\"", "A field with 'count' is an array")]
    [InlineData("<data name=\"Written\"", "<data name=\"Written\" length=\"2\"", "A field with 'length' is an array")]
    [InlineData("<event value=\"40\"", "<event value=\"40\" channel=\"Admin\"", "A channel adds its own bit")]
    public void What_cannot_be_read_is_said(string sound, string broken, string expected)
    {
        Assert.NotNull(ManifestReader.Read(BrokenManifest.Text(sound, broken), out IReadOnlyList<ManifestProblem> problems));
        Assert.StartsWith(expected, Assert.Single(problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_providers_are_one_too_many()
    {
        int start = Sources.ManifestText.IndexOf("<provider", StringComparison.Ordinal);
        int end = Sources.ManifestText.IndexOf("</provider>", StringComparison.Ordinal) + "</provider>".Length;
        Assert.Null(ManifestReader.Read(Sources.ManifestText.Insert(end, Sources.ManifestText[start..end]), out IReadOnlyList<ManifestProblem> problems));
        Assert.Equal("The manifest has 2 providers, expected exactly one.", Assert.Single(problems).Message);
    }
}
