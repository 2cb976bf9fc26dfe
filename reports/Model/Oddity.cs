namespace Tracing.Reports.Model;

/// <summary>Something in the recording that does not fit, counted.</summary>
/// <param name="Kind">A short, stable name, such as <c>payload-malformed</c>.</param>
/// <param name="Count">How often.</param>
/// <param name="FirstOffset">Where it was seen first, as an offset into the file in bytes; -1 where that has no meaning.</param>
/// <param name="Sentence">What it means for the numbers.</param>
public sealed record Oddity(string Kind, long Count, long FirstOffset, string Sentence);

/// <summary>A provider and how many of its events are in the recording.</summary>
/// <param name="Id">Its GUID.</param>
/// <param name="Name">Its name where known; empty otherwise.</param>
/// <param name="Events">Events of it.</param>
public sealed record ProviderCount(Guid Id, string Name, long Events);
