using System.Globalization;
using Tracing.Reports.Model;

namespace Tracing.Reports.Data;

internal sealed record LiveMutexDocument(
    ulong Id, string Label, string Name, SiteDocument? Site, string Address, long Bytes, long? AgeNs, bool BornInTrace, LiveStateDocument State, LiveClass Class,
    int? OwnerThreadId, string? Owner, SiteDocument? OwnerSite, long? HeldForNs, int Waiters, long? LastUsedNs, int? LastThreadId, string? LastThread)
{
    public static LiveMutexDocument Of(LiveMutexRow mutex, ThreadNames names) => new(
        mutex.Id, mutex.Label, mutex.Name, SiteDocument.Of(mutex.Site), string.Create(CultureInfo.InvariantCulture, $"0x{mutex.Address:x}"), mutex.Bytes, mutex.AgeNs,
        mutex.BornInTrace, mutex.Class == LiveClass.Leaked ? LiveStateDocument.Leaked : LiveStateDocument.Live, mutex.Class,
        mutex.OwnerThreadId, names.OfThread(mutex.OwnerThreadId), SiteDocument.Of(mutex.OwnerSite), mutex.HeldForNs, mutex.Waiters, mutex.LastUsedNs,
        mutex.LastThreadId, names.OfThread(mutex.LastThreadId));
}

/// <summary>The coarse form of <see cref="LiveClass"/> that the first version of the document had.</summary>
internal enum LiveStateDocument
{
    Live,
    Leaked,
}

internal sealed record LiveGrowthDocument(SiteDocument? Site, long Allocations, long Frees, double PerSecond, bool Rises, IReadOnlyList<LivePoint> Curve)
{
    public static LiveGrowthDocument Of(LiveGrowth growth) =>
        new(SiteDocument.Of(growth.Site), growth.Allocations, growth.Frees, growth.PerSecond, growth.Rises, growth.Curve);
}
