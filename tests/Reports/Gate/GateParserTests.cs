using CsCheck;
using Tracing.Reports.Gate;

namespace Tracing.Reports.Tests.Gate;

public sealed class GateParserTests
{
    private static readonly string[] Kinds = ["contention", "misuse", "possible-deadlock"];

    private static readonly string[] Words =
        ["p99", "wait", "hold", "new", "findings", "leaks", "(", ")", "#1", ">", ">=", "<", ";", "200", "us", "\ud800", "\0", "9.9.9", " "];

    [Theory]
    [InlineData("p99 wait > 200us", "p99 wait", null, GateComparison.Above, 200_000)]
    [InlineData("p99.9  hold>=1.5ms", "p99.9 hold", null, GateComparison.AtLeast, 1_500_000)]
    [InlineData("max wait(DeviceQueue) > 2s", "max wait", "DeviceQueue", GateComparison.Above, 2_000_000_000)]
    [InlineData("total hold ( My Queue ) > 15 ns", "total hold", "My Queue", GateComparison.Above, 15)]
    [InlineData("acquires(#7) < 1000", "acquires", "#7", GateComparison.Below, 1000)]
    [InlineData("irql-rejections <= 0", "irql-rejections", null, GateComparison.AtMost, 0)]
    public void A_rule_is_a_measure_a_comparison_and_a_limit(string text, string measure, string? mutex, GateComparison comparison, long limit)
    {
        var rule = Assert.IsType<LimitRule>(Assert.Single(GateParser.Parse(text, Kinds)));

        Assert.Equal((measure, mutex, comparison, limit), (rule.Measure.Name, rule.Mutex, rule.Comparison, rule.Limit));
        Assert.Equal(text, rule.Text);
    }

    [Theory]
    [InlineData("new findings", null)]
    [InlineData("new possible-deadlock", "possible-deadlock")]
    [InlineData("new possible-deadlocks", "possible-deadlock")]
    public void A_rule_about_what_is_new_names_a_kind_of_finding_or_all(string text, string? kind) =>
        Assert.Equal(kind, Assert.IsType<NewFindingRule>(Assert.Single(GateParser.Parse(text, Kinds))).Kind);

    [Fact]
    public void Rules_are_separated_by_semicolons_and_may_end_with_one() =>
        Assert.Equal(["leaks > 0", "new misuses"], GateParser.Parse(" leaks > 0;\n new misuses ; ", Kinds).Select(rule => rule.Text));

    [Theory]
    [InlineData("", 0, "a measure")]
    [InlineData("leeks > 0", 0, "a measure")]
    [InlineData("leaks > 0;; live > 0", 10, "a measure")]
    [InlineData("p99 weight > 1us", 4, "'wait' or 'hold'")]
    [InlineData("p99 wait = 1us", 9, "one of >, >=, <, <=")]
    [InlineData("p99 wait > fast", 11, "a number")]
    [InlineData("p99 wait > 200", 14, "a unit")]
    [InlineData("p99 wait > 200 min", 15, "a unit")]
    [InlineData("p99 wait > 99999999999s", 11, "a number below")]
    [InlineData("leaks > 3us", 9, "no unit")]
    [InlineData("leaks(Queue > 3", 6, "')'")]
    [InlineData("leaks() > 3", 6, "the name of a mutex")]
    [InlineData("events-lost(Queue) > 0", 11, "the whole recording")]
    [InlineData("new gremlins", 4, "contention, misuse, possible-deadlock")]
    [InlineData("leaks > 0 and live > 0", 10, "no unit")]
    [InlineData("new misuses > 0", 12, "';'")]
    public void An_error_says_where_and_what_was_expected(string text, int position, string expected)
    {
        GateFormatException error = Assert.Throws<GateFormatException>(() => GateParser.Parse(text, Kinds));

        Assert.Equal(position, error.Position);
        Assert.Contains($"column {position + 1}: expected", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_measure_can_be_written_and_is_read_back() =>
        Assert.All(GateMeasure.All, measure =>
        {
            string limit = measure.Unit == GateUnit.Duration ? "1ns" : "1";
            Assert.Same(measure, Assert.IsType<LimitRule>(Assert.Single(GateParser.Parse($"{measure.Name} > {limit}", Kinds))).Measure);
        });

    [Fact]
    public void Any_text_is_rules_or_a_format_error() =>
        Gen.Int[0, Words.Length - 1].Select(i => Words[i]).Array[0, 12].Sample(words =>
        {
            string text = string.Join(' ', words);
            try
            {
                Assert.NotEmpty(GateParser.Parse(text, Kinds));
            }
            catch (GateFormatException e)
            {
                Assert.InRange(e.Position, 0, text.Length);
            }
        });
}
