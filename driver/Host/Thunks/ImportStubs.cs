using Tracing.Host.Native;

namespace Tracing.Host.Thunks;

/// <summary>
/// One small stub per import, which names the import and goes the common way. What the driver's import table points to. Immutable.
/// </summary>
internal sealed unsafe class ImportStubs : IDisposable
{
    private const int StubSize = 32;

    private readonly int _count;
    private byte* _code;

    internal ImportStubs(NativeThunks thunks, int count)
    {
        _count = count;
        CodeWriter code = new();
        for (int i = 0; i < count; i++)
        {
            code.MoveImmediate32(Register.Rax, (uint)i);
            code.MoveImmediate(Register.R11, (ulong)thunks.ImportEntry);
            code.Jump(Register.R11);
            code.Align(StubSize);
        }

        _code = SealedCode.Place(code.ToArray());
    }

    /// <summary>The stub of an import, as the driver calls it.</summary>
    internal void* this[int import]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)import, (uint)_count, nameof(import));
            ObjectDisposedException.ThrowIf(_code is null, this);
            return _code + (StubSize * import);
        }
    }

    /// <summary>Frees the stubs. No thread may be in the driver any more.</summary>
    public void Dispose()
    {
        if (_code is not null)
        {
            PageMemory.Current.Free(_code, (nuint)(StubSize * _count));
            _code = null;
        }
    }
}
