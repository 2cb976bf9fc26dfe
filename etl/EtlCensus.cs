namespace Tracing.Etl;

/// <summary>How many records of what a file holds. Immutable.</summary>
/// <param name="Records">All records, those of the header buffer included.</param>
/// <param name="Providers">By provider, most records first.</param>
/// <param name="FirstTime">Raw ticks of the earliest record outside of the header buffer, or the header's if there is none.</param>
/// <param name="LastTime">Raw ticks of the latest record outside of the header buffer, or the header's if there is none.</param>
/// <param name="UnnamedRecords">
/// Records counted only in <paramref name="Records"/>, since <see cref="EtlLimits.MaximumDistinctEvents"/> was reached. Which events these are depends on which of the
/// threads that count came first.
/// </param>
public sealed record EtlCensus(long Records, IReadOnlyList<EtlProviderCount> Providers, long FirstTime, long LastTime, long UnnamedRecords);

/// <summary>How many records came from one provider.</summary>
/// <param name="ProviderId">Provider, class of kernel events, or WPP message GUID.</param>
/// <param name="Records">All its records.</param>
/// <param name="Events">By event, ascending.</param>
public sealed record EtlProviderCount(Guid ProviderId, long Records, IReadOnlyList<EtlEventCount> Events);

/// <summary>How many records there are of one event.</summary>
/// <param name="Id">Event id; 0 for kernel, classic and most TraceLogging events.</param>
/// <param name="Opcode">Opcode, which for kernel and classic events is the type.</param>
/// <param name="Records">How many.</param>
public sealed record EtlEventCount(ushort Id, byte Opcode, long Records);
