using System.Reflection.Metadata;

namespace Tracing.Driver.Tests.Binary;

/// <summary>C# that compiles for the kernel and does not do there what it says.</summary>
public sealed class IntermediateCodeTests : IDisposable
{
    private readonly IntermediateCode _code = IntermediateCode.Load();

    public void Dispose() => _code.Dispose();

    [Fact]
    public void Nothing_is_caught_since_no_catch_would_ever_run() =>
        Assert.DoesNotContain(_code.ExceptionRegions, region => region.Kind != ExceptionRegionKind.Finally);

    [Fact]
    public void No_static_is_initialized_lazily_at_whatever_irql() =>
        Assert.DoesNotContain(_code.MethodNames, name => name.EndsWith("..cctor", StringComparison.Ordinal));

    [Fact]
    public void Locks_are_released_on_every_way_out() =>
        Assert.Contains(_code.ExceptionRegions, region => region == ("ContendedWorkload.Run", ExceptionRegionKind.Finally));
}
