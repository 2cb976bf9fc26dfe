using System.Diagnostics;
using System.Globalization;

namespace Tracing.Benchmarks;

/// <summary>Looks every few milliseconds how much memory the process has that is backed by no file: on Linux RssAnon, elsewhere its private bytes.</summary>
internal sealed class PeakMemory : IDisposable
{
    private readonly Timer _timer;
    private long _bytes;

    public PeakMemory() => _timer = new Timer(_ => Look(), null, 0, 10);

    /// <summary>The most seen so far, in bytes.</summary>
    public long Bytes
    {
        get
        {
            Look();
            return Volatile.Read(ref _bytes);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        long now = Now();
        long known = Volatile.Read(ref _bytes);
        while (now > known && Interlocked.CompareExchange(ref _bytes, now, known) is var seen && seen != known)
        {
            known = seen;
        }
    }

    private static long Now()
    {
        if (!OperatingSystem.IsLinux())
        {
            using Process self = Process.GetCurrentProcess();
            return self.PrivateMemorySize64;
        }

        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("RssAnon:", StringComparison.Ordinal));
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
    }
}
