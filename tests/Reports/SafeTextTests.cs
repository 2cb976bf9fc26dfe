using CsCheck;
using Tracing.Reports.Wording;

namespace Tracing.Reports.Tests;

public sealed class SafeTextTests
{
    [Theory]
    [InlineData("DeviceQueue", "DeviceQueue")]
    [InlineData("Größe", "Größe")]
    [InlineData("\u001b[31mred", "\\u001b[31mred")]
    [InlineData("a\u202Eb", "a\\u202eb")]
    [InlineData("\u009b2J", "\\u009b2J")]
    [InlineData("line\nline", "line\\u000aline")]
    [InlineData("\u2028", "\\u2028")]
    [InlineData("\u00a0", "\\u00a0")]
    [InlineData("\uD83D\uDD12", "\uD83D\uDD12")]
    public void What_could_act_on_a_terminal_is_escaped_and_letters_are_not(string text, string expected) =>
        Assert.Equal(expected, SafeText.Escape(text));

    [Fact]
    public void A_lone_surrogate_is_escaped() => Assert.Equal("\\ud800x", SafeText.Escape("\uD800x"));

    [Fact]
    public void No_control_or_format_character_survives() => Gen.String.Sample(text =>
        Assert.DoesNotContain(SafeText.Escape(text), c => char.IsControl(c) || char.GetUnicodeCategory(c) == System.Globalization.UnicodeCategory.Format));

    [Fact]
    public void A_fitted_text_is_never_wider_than_asked() => Gen.Select(Gen.String, Gen.Int[4, 40]).Sample((text, cells) =>
        Assert.True(SafeText.CellsOf(SafeText.Fit(SafeText.Escape(text), cells)) <= cells));

    [Fact]
    public void A_long_name_keeps_both_its_ends() => Assert.Equal("Dev..ueue", SafeText.Fit("DeviceWorkQueue", 9));

    [Fact]
    public void Wide_letters_count_two_cells() => Assert.Equal(4, SafeText.CellsOf("名前"));
}
