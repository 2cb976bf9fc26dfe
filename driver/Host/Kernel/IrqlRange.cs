namespace Tracing.Host.Kernel;

/// <summary>The IRQLs at which a routine may be called, both ends included.</summary>
internal readonly record struct IrqlRange(byte Minimum, byte Maximum)
{
    internal static IrqlRange Any => new(Irql.Passive, Irql.High);

    internal static IrqlRange Passive => new(Irql.Passive, Irql.Passive);

    internal static IrqlRange UpToApc => new(Irql.Passive, Irql.Apc);

    internal static IrqlRange UpToDispatch => new(Irql.Passive, Irql.Dispatch);

    internal static IrqlRange Dispatch => new(Irql.Dispatch, Irql.Dispatch);

    internal bool Contains(byte irql) => irql >= Minimum && irql <= Maximum;

    /// <inheritdoc/>
    public override string ToString() => Minimum == Maximum ? Irql.Name(Minimum)
        : Minimum == Irql.Passive ? $"<= {Irql.Name(Maximum)}" : $"{Irql.Name(Minimum)} to {Irql.Name(Maximum)}";
}
