using System.Globalization;

namespace Tracing.Fuzz.Running;

/// <summary>
/// Names the input that does not end, or that ends the process. Its number stands in a file from before it is read: what is found there after a crash was the cause.
/// A hang is told by a thread that looks on; it ends the process, since nothing else ends a loop.
/// </summary>
internal sealed class Watchdog : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly FileStream _file;
    private readonly Timer _timer;
    private string? _target;
    private long _number;
    private long _seen = -1;

    public Watchdog(string path)
    {
        _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
        _timer = new Timer(_ => Look(), null, Patience, Patience);
    }

    /// <summary>Says what is read from now on.</summary>
    public void Begin(string? target, long number)
    {
        _target = target;
        Volatile.Write(ref _number, number);
        Span<byte> line = stackalloc byte[64];
        int length = System.Text.Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{target,-16} ={number,-20}\n"), line);
        RandomAccess.Write(_file.SafeFileHandle, line[..length], 0);
    }

    public void Dispose()
    {
        _timer.Dispose();
        _file.Dispose();
    }

    private void Look()
    {
        long number = Volatile.Read(ref _number);
        if (_target is not null && number == _seen)
        {
            Console.WriteLine($"FINDING {_target} ={number}: not read after {Patience.TotalSeconds:N0} s");
            Environment.FailFast($"{_target} ={number} hangs");
        }

        _seen = _target is null ? -1 : number;
    }
}
