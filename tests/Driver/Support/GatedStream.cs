namespace Tracing.Driver.Tests.Support;

/// <summary>A stream whose writes wait until the gate opens, once it has been closed: a disk that does not keep up.</summary>
internal sealed class GatedStream(Stream inner) : Stream
{
    private readonly ManualResetEventSlim _gate = new(true);

    public override bool CanRead => false;

    public override bool CanSeek => true;

    public override bool CanWrite => true;

    public override long Length => inner.Length;

    public override long Position
    {
        get => inner.Position;
        set => inner.Position = value;
    }

    /// <summary>Set: writes fail from now on.</summary>
    internal bool Broken { get; set; }

    internal void CloseGate() => _gate.Reset();

    internal void OpenGate() => _gate.Set();

    public override void Write(byte[] buffer, int offset, int count)
    {
        _gate.Wait();
        if (Broken)
        {
            throw new IOException("No space left on device");
        }

        inner.Write(buffer, offset, count);
    }

    public override void Flush() => inner.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => inner.Seek(offset, origin);

    public override void SetLength(long value) => inner.SetLength(value);

    protected override void Dispose(bool disposing)
    {
        _gate.Dispose();
        base.Dispose(disposing);
    }
}
