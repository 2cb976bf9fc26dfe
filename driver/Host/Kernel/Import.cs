namespace Tracing.Host.Kernel;

/// <summary>Serves one call of an import.</summary>
/// <param name="caller">The simulated thread that called.</param>
/// <param name="call">Its arguments.</param>
/// <returns>What the driver finds in rax; see <see cref="KernelResult"/> for results narrower than that.</returns>
internal delegate ulong ImportHandler(SimulatedThread caller, KernelCall call);

/// <summary>One routine that the simulated kernel exports, and what it asks of its callers. Immutable.</summary>
/// <param name="Name">The exported name.</param>
/// <param name="Page">Its DDI page, the source of what is said here, below <see cref="Pages"/>; of a macro's routine the macro's.</param>
/// <param name="Irql">Where it may be called.</param>
/// <param name="Handler">Serves it, and judges the <see cref="Rules"/>.</param>
internal sealed record Import(string Name, string Page, IrqlRange Irql, ImportHandler Handler)
{
    /// <summary>Where DDI pages are.</summary>
    internal const string Pages = "https://learn.microsoft.com/windows-hardware/drivers/ddi/";

    /// <summary>What else its page asks for and the handler, or the machine at its end, judges: each completes "wants".</summary>
    internal IReadOnlyList<string> Rules { get; init; } = [];

    /// <summary>Whether it reads the performance counter: the tally's bounds are told apart by such reads.</summary>
    internal bool ReadsClock { get; init; }

    /// <summary>The ways in which a call may fail although the driver did nothing wrong; none for most.</summary>
    internal IReadOnlyList<ImportFailure> Failures { get; init; } = [];
}
