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
    public void Marks_that_take_no_cell_are_cut_as_well() => Assert.InRange(SafeText.Name("e" + new string('\u0301', 32_000)).Length, 1, 8 * SafeText.NameCells);

    [Fact]
    public void A_sentence_with_an_endless_name_keeps_its_beginning_and_end()
    {
        string ofOneWord = SafeText.Sentence($"Waits for {new string('x', 32_000)} took 3 ms.");
        string ofMany = SafeText.Sentence($"Waits for {string.Concat(Enumerable.Repeat("x ", 16_000))} took 3 ms.");

        Assert.Matches("^Waits for x+\\.\\.x+ took 3 ms\\.$", ofOneWord);
        Assert.Equal("Waits for ".Length + SafeText.NameCells + " took 3 ms.".Length, ofOneWord.Length);
        Assert.StartsWith("Waits for x x", ofMany, StringComparison.Ordinal);
        Assert.EndsWith(" took 3 ms.", ofMany, StringComparison.Ordinal);
        Assert.Equal(SafeText.SentenceCells, ofMany.Length);
    }

    [Fact]
    public void What_is_short_enough_is_shown_whole() => Gen.String[0, SafeText.NameCells / 6].Sample(text =>
    {
        Assert.Equal(SafeText.Escape(text), SafeText.Name(text));
        Assert.Equal(SafeText.Escape(text), SafeText.Sentence(text));
    });

    [Fact]
    public void Wide_letters_count_two_cells() => Assert.Equal(4, SafeText.CellsOf("名前"));
}
