namespace Tracing.Driver.Tests.Binary;

/// <summary>The load configuration, which is made by hand. Source of every offset and flag: IMAGE_LOAD_CONFIG_DIRECTORY64 (winnt.h).</summary>
public sealed class LoadConfigTests
{
    private static readonly DriverImage Image = BuiltDriver.Image;
    private static readonly uint Config = (uint)Image.Optional.LoadConfigTableDirectory.RelativeVirtualAddress;

    [Fact]
    public void The_directory_is_as_long_as_it_says() =>
        Assert.Equal((uint)Image.Optional.LoadConfigTableDirectory.Size, Image.UInt32At(Config));

    [Fact]
    public void The_stack_cookie_is_writable_and_holds_the_value_that_the_loader_replaces()
    {
        uint cookie = Image.ToRva(Image.UInt64At(Config + 0x58));
        Assert.Equal(".data", Image.SectionAt(cookie).Name);
        Assert.Equal(0x0000_2B99_2DDF_A232ul, Image.UInt64At(cookie));
    }

    [Theory]
    [InlineData(0x70)]
    [InlineData(0x78)]
    public void The_guard_calls_through_pointers_to_code(int field)
    {
        uint pointer = Image.ToRva(Image.UInt64At(Config + (uint)field));
        Assert.Equal(".rdata", Image.SectionAt(pointer).Name);
        Assert.Equal(".text", Image.SectionAt(Image.ToRva(Image.UInt64At(pointer))).Name);
    }

    [Fact]
    public void Control_flow_guard_is_on_and_has_its_table()
    {
        const uint Instrumented = 0x100;
        const uint TablePresent = 0x400;
        Assert.Equal(Instrumented | TablePresent, Image.UInt32At(Config + 0x90) & (Instrumented | TablePresent));
        Assert.NotEmpty(Targets());
    }

    [Fact]
    public void The_table_of_call_targets_is_in_order_and_within_the_code()
    {
        List<uint> targets = Targets();
        Assert.Equal(targets.Order(), targets);
        Assert.Distinct(targets);
        Assert.All(targets, target => Assert.True(Image.IsIn(".text", target)));
    }

    [Fact]
    public void The_entry_is_a_valid_call_target() => Assert.Contains((uint)Image.Optional.AddressOfEntryPoint, Targets());

    private static List<uint> Targets()
    {
        uint table = Image.ToRva(Image.UInt64At(Config + 0x80));
        ulong count = Image.UInt64At(Config + 0x88);
        uint stride = 4 + (Image.UInt32At(Config + 0x90) >> 28);
        List<uint> targets = [];
        for (uint i = 0; i < count; i++)
        {
            targets.Add(Image.UInt32At(table + (i * stride)));
        }

        return targets;
    }
}
