namespace Tracing.Host.Kernel;

/// <summary>Serves one call of an import.</summary>
/// <param name="caller">The simulated thread that called.</param>
/// <param name="call">Its arguments.</param>
/// <returns>What the driver finds in rax; see <see cref="KernelResult"/> for results narrower than that.</returns>
internal delegate ulong ImportHandler(SimulatedThread caller, KernelCall call);

/// <summary>One routine that the simulated kernel exports. Its name is also the name of its DDI page. Immutable.</summary>
/// <param name="Name">The exported name.</param>
/// <param name="Irql">Where it may be called, by its DDI page. Rules that depend on arguments are the handler's.</param>
/// <param name="Handler">Serves it.</param>
internal sealed record Import(string Name, IrqlRange Irql, ImportHandler Handler)
{
    /// <summary>Whether it reads the performance counter: the tally's bounds are told apart by such reads.</summary>
    internal bool ReadsClock { get; init; }

    /// <summary>The ways in which a call may fail although the driver did nothing wrong, by its DDI page; none for most.</summary>
    internal IReadOnlyList<ImportFailure> Failures { get; init; } = [];
}
