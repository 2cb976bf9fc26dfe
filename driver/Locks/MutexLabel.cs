namespace Tracing.Driver;

/// <summary>What reports call a mutex: a literal of this driver, which stays where it is, or a text of another driver, copied into the mutex's block.</summary>
internal readonly unsafe ref struct MutexLabel
{
    /// <summary>The longest copy, in UTF-16 units; longer ones are cut.</summary>
    private const int Longest = 127;

    private readonly string? _literal;
    private readonly byte* _text;
    private readonly int _textLength;

    private MutexLabel(string? literal) => _literal = literal;

    /// <summary>Takes a text of another driver: UTF-8, zero-terminated, good for the duration of the call; null for no label.</summary>
    internal MutexLabel(byte* text)
    {
        _text = text;
        _textLength = Utf8Text.Measure(text, Longest);
    }

    /// <summary>Bytes that the copy needs in the mutex's block, aligned to 2.</summary>
    internal uint Room => _text == null ? 0 : (uint)(_textLength + 1) * sizeof(char);

    /// <summary>A literal, or null for no label.</summary>
    public static implicit operator MutexLabel(string? literal) => new(literal);

    /// <summary>Gives a mutex this label.</summary>
    /// <param name="mutex">Not yet published.</param>
    /// <param name="room">As many bytes as <see cref="Room"/> says, aligned to 2.</param>
    internal void Attach(MutexHeader* mutex, char* room)
    {
        if (_text != null)
        {
            Utf8Text.Copy(_text, room, _textLength);
            mutex->Label = room;
            mutex->LabelLength = _textLength;
        }
        else if (_literal is not null)
        {
            fixed (char* characters = _literal)
            {
                mutex->Label = characters;
            }

            mutex->LabelLength = _literal.Length;
        }
    }
}
