namespace Tracing.Analysis.Loads;

/// <summary>Who used a lock, and where, by index; and which record says so.</summary>
/// <param name="Thread">Index of the thread, see <see cref="ThreadTable"/>.</param>
/// <param name="Site">Index of the call site of the acquire, see <see cref="SiteTable"/>.</param>
/// <param name="Offset">Offset of the record in its file, in bytes.</param>
public readonly record struct LockUser(int Thread, int Site, long Offset);
