using System.Diagnostics;
using System.Globalization;
using Tracing.Analysis.Reading;
using Tracing.Reports.Wording;

namespace Tracing.Cli;

/// <summary>
/// How far a long pass has come, on one line of standard error that is written over and gone at the end. Only on a terminal, and only for passes
/// that take longer than a moment.
/// </summary>
internal sealed class ProgressLine : IProgress<ReadingProgress>, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly TextWriter _error;
    private TimeSpan _next = Patience;
    private int _written;

    private ProgressLine(TextWriter error) => _error = error;

    /// <summary>A line for reading a recording, or null where nobody would see it.</summary>
    public static ProgressLine? For(Session session) => session.ShowProgress ? new ProgressLine(session.Error) : null;

    /// <inheritdoc/>
    public void Report(ReadingProgress value)
    {
        if (_clock.Elapsed < _next)
        {
            return;
        }

        _next = _clock.Elapsed + Interval;
        string line = Describe(value, _clock.Elapsed);
        _error.Write("\r" + line.PadRight(_written));
        _written = line.Length;
    }

    /// <summary>The line: share, events, rate, and the time left if it goes on so.</summary>
    internal static string Describe(ReadingProgress progress, TimeSpan elapsed)
    {
        double share = Math.Clamp((double)progress.BytesRead / Math.Max(1, progress.BytesTotal), 0.001, 1);
        var left = (long)(elapsed.TotalNanoseconds * (1 - share) / share);
        return string.Create(
            CultureInfo.InvariantCulture, $"{share * 100:0} %, {progress.Records:N0} events, {progress.Records / elapsed.TotalSeconds / 1e6:0.0} M/s, {HumanDuration.Format(left)} left");
    }

    /// <summary>Takes the line off the terminal.</summary>
    public void Dispose()
    {
        if (_written > 0)
        {
            _error.Write("\r" + new string(' ', _written) + "\r");
        }
    }
}
