namespace Tracing.Host.Kernel;

/// <summary>A way in which a call of an import may fail. Immutable.</summary>
/// <param name="Name">The status by name, or "null".</param>
/// <param name="Handler">Serves a call by failing so, with what else such a failure does.</param>
internal sealed record ImportFailure(string Name, ImportHandler Handler)
{
    /// <summary>Whether a call may fail so: it can depend on arguments and on who calls.</summary>
    internal Func<SimulatedThread, KernelCall, bool> MayHappen { get; init; } = static (_, _) => true;

    /// <summary>
    /// Whether the DDI page names it among its return values; else the page says no more than that there are failures, or another page names it.
    /// </summary>
    internal bool IsNamed { get; init; } = true;

    /// <summary>A failure that is an NTSTATUS and nothing else.</summary>
    internal static ImportFailure Of(string name, int status) => new(name, (_, _) => KernelResult.Int32(status));
}
