using CsCheck;
using Tracing.Reports.Wording;

namespace Tracing.Reports.Tests;

public sealed class HumanDurationTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(1, "1 ns")]
    [InlineData(999, "999 ns")]
    [InlineData(1_000, "1.00 us")]
    [InlineData(1_234, "1.23 us")]
    [InlineData(12_345, "12.3 us")]
    [InlineData(123_456, "123 us")]
    [InlineData(999_499, "999 us")]
    [InlineData(999_500, "1.00 ms")]
    [InlineData(9_995_000, "10.0 ms")]
    [InlineData(99_950_000, "100 ms")]
    [InlineData(999_500_000, "1.00 s")]
    [InlineData(5_999_000_000_000, "5999 s")]
    [InlineData(7_200_000_000_000, "2.0 h")]
    [InlineData(long.MaxValue, "106752 d")]
    public void Durations_have_three_digits_and_a_unit(long nanoseconds, string expected) =>
        Assert.Equal(expected, HumanDuration.Format(nanoseconds));

    [Fact]
    public void No_duration_is_wider_than_eight_characters() =>
        Gen.Long[0, long.MaxValue].Sample(nanoseconds => Assert.InRange(HumanDuration.Format(nanoseconds).Length, 1, 8));
}
