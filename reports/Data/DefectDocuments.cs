using Tracing.Reports.Model;

namespace Tracing.Reports.Data;

internal sealed record AbandonmentDocument(ulong MutexId, string Mutex, SiteDocument? Site, int? ThreadId, string? Thread, long Count, long FirstNs)
{
    public static AbandonmentDocument Of(AbandonmentRow row, ThreadNames names) =>
        new(row.MutexId, row.Mutex, SiteDocument.Of(row.Site), row.ThreadId, names.OfThread(row.ThreadId), row.Count, row.FirstNs);
}

internal sealed record AllocationFailureDocument(string Kind, SiteDocument? Site, long Bytes, long Count, long FirstNs)
{
    public static AllocationFailureDocument Of(AllocationFailureRow row) => new(row.Kind, SiteDocument.Of(row.Site), row.Bytes, row.Count, row.FirstNs);
}
