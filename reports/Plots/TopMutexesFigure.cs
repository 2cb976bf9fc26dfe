using Tracing.Reports.Model;
using Tracing.Reports.Wording;

namespace Tracing.Reports.Plots;

/// <summary>The numbers of a picture: how long each of the worst mutexes was waited for and held in total.</summary>
/// <param name="Unit">The unit of the values: <c>ns</c>, <c>us</c>, <c>ms</c> or <c>s</c>.</param>
/// <param name="Bars">The mutexes, the worst first. Names are escaped and short.</param>
public sealed record TopMutexesFigure(string Unit, IReadOnlyList<MutexBar> Bars)
{
    private const int MostBars = 10;
    private const int NameCells = 28;

    /// <summary>Takes the numbers from a report: mutexes that were waited for or held, by total wait.</summary>
    public static TopMutexesFigure From(LockReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        List<MutexRow> top = [.. MutexRanking.Rank(report.Mutexes, MutexOrder.Wait)
            .Where(mutex => mutex.Wait.TotalNs + mutex.Hold.TotalNs > 0).Take(MostBars)];
        (long ns, string unit) = DurationUnit.Of(top.Select(mutex => Math.Max(mutex.Wait.TotalNs, mutex.Hold.TotalNs)).DefaultIfEmpty().Max());
        return new TopMutexesFigure(unit, [.. top.Select(mutex => new MutexBar(
            SafeText.Fit(SafeText.Escape(mutex.Name), NameCells), (double)mutex.Wait.TotalNs / ns, (double)mutex.Hold.TotalNs / ns))]);
    }
}

/// <summary>One mutex in a <see cref="TopMutexesFigure"/>.</summary>
/// <param name="Name">What to call it.</param>
/// <param name="Wait">Total wait, in the figure's unit.</param>
/// <param name="Hold">Total hold, in the figure's unit.</param>
public sealed record MutexBar(string Name, double Wait, double Hold);
