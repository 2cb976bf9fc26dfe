namespace Tracing.Host.Kernel;

/// <summary>A family of exports that share state: pool, mutexes, devices.</summary>
internal interface IImportFamily
{
    /// <summary>The table of the family's exports.</summary>
    IReadOnlyList<Import> Imports { get; }
}
