namespace Tracing.Etl;

/// <summary>What is known of a session only at its end.</summary>
/// <param name="EndTime">When it ended: FILETIME, 100 ns units since 1601, UTC.</param>
/// <param name="EventsLost">Events it could not keep.</param>
/// <param name="BuffersLost">Buffers it could not write.</param>
public readonly record struct EtlClosing(long EndTime, uint EventsLost = 0, uint BuffersLost = 0);
