namespace Tracing.Host.Kernel;

/// <summary>What the security reference monitor answers about the caller of a request. DDI page: SeSinglePrivilegeCheck.</summary>
internal sealed class SecurityImports : IImportFamily
{
    private const byte KernelMode = 0;

    internal SecurityImports()
    {
        Imports = [new("SeSinglePrivilegeCheck", "ntddk/nf-ntddk-sesingleprivilegecheck", IrqlRange.Passive, SeSinglePrivilegeCheck)];
    }

    /// <inheritdoc/>
    public IReadOnlyList<Import> Imports { get; }

    /// <summary>The privileges that the user-mode caller has enabled, by their LUIDs; null for all, as an administrator's program may.</summary>
    internal IReadOnlySet<ulong>? CallerPrivileges { get; set; }

    /// <summary>DDI: SeSinglePrivilegeCheck. The kernel itself has every privilege.</summary>
    private ulong SeSinglePrivilegeCheck(SimulatedThread caller, KernelCall call)
    {
        bool holds = call.Byte(1) == KernelMode || CallerPrivileges?.Contains(call.UInt64(0)) != false;
        return KernelResult.Byte(holds ? (byte)1 : (byte)0);
    }
}
