namespace Tracing.Symbols;

/// <summary>What a program database may ask for. Such files come from anywhere: a number in one must not decide how much memory is taken.</summary>
public sealed record PdbLimits
{
    /// <summary>The limits that are meant for use.</summary>
    public static PdbLimits Default { get; } = new();

    /// <summary>Most bytes of the stream directory. That of a large product's database takes a few MB.</summary>
    public int MaximumDirectoryBytes
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "At least 1 byte.");
    }

    = 64 << 20;

    /// <summary>Most bytes of one stream that is read. The symbols of the Windows kernel take about 2 MB, those of a browser some 200 MB.</summary>
    public int MaximumStreamBytes
    {
        get;
        init => field = value > 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "At least 1 byte.");
    }

    = 512 << 20;
}
