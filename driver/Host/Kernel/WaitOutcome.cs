namespace Tracing.Host.Kernel;

/// <summary>How a wait ended.</summary>
/// <param name="Satisfied">Whether the object was had; else the time was up.</param>
/// <param name="Blocked">Whether the thread had to queue.</param>
/// <param name="GrantedAt">QPC ticks at which the object passed to the thread.</param>
internal readonly record struct WaitOutcome(bool Satisfied, bool Blocked, long GrantedAt);
