using Tracing.Fuzz.Running;

namespace Tracing.Fuzz;

/// <summary>A short run of every target: the same inputs each time. Longer ones: <c>./build.sh fuzz</c>.</summary>
/// <remarks>Time and memory are those of the whole process: the tests run one after the other.</remarks>
[Collection("Process")]
public sealed class FuzzTests
{
    private const int Inputs = 2_000;

    public static TheoryData<string> Targets => [.. FuzzTarget.All.Select(target => target.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void Bad_inputs_are_read_or_refused_within_the_limits(string name)
    {
        FuzzRun run = new(Named(name));
        run.Run(new FuzzOptions(null, Inputs, 0, []));

        Assert.Empty(run.Findings);
        Assert.Equal(Inputs, run.Inputs);
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Good_inputs_are_read(string name) => Assert.All(Named(name).Seeds, seed => Assert.True(Named(name).Read(seed.Bytes)));

    [Theory]
    [MemberData(nameof(Targets))]
    public void The_same_number_makes_the_same_input_and_another_one_another(string name)
    {
        byte[][] once = [.. Enumerable.Range(0, 100).Select(number => FuzzRun.InputOf(Named(name), number))];
        byte[][] again = [.. Enumerable.Range(0, 100).Select(number => FuzzRun.InputOf(Named(name), number))];

        Assert.Equal(once, again);
        Assert.True(once.DistinctBy(Convert.ToHexString).Count() > 80);
    }

    private static FuzzTarget Named(string name) => FuzzTarget.All.Single(target => target.Name == name);
}
