namespace Tracing.Driver;

/// <summary>
/// A guard as text, such as <c>KMutex 12 "Counter", thread 4, depth 1, acquire 3, data 07 00 00 00</c>; of the data the first bytes. Written into memory of the
/// caller: nothing is allocated, and no path of a lock formats anything.
/// </summary>
internal unsafe ref struct GuardText
{
    private const uint MostData = 16;

    private readonly char* _destination;
    private readonly uint _room;
    private uint _length;

    private GuardText(char* destination, uint room)
    {
        _destination = destination;
        _room = room;
        _length = 0;
    }

    /// <summary>Prints what a guard holds. IRQL: any; the memory is the caller's.</summary>
    /// <param name="guard">An empty one prints as such.</param>
    /// <param name="destination">Receives the text, with a zero at its end.</param>
    /// <param name="capacity">Characters there is room for, the zero included; at 0 nothing is written.</param>
    /// <returns>Characters written, without the zero; what had no room is left out.</returns>
    internal static uint Print(in GuardState guard, char* destination, uint capacity)
    {
        if (capacity == 0)
        {
            return 0;
        }

        GuardText text = new(destination, capacity - 1);
        if (guard.Mutex == null)
        {
            text.Append("nothing held");
        }
        else
        {
            text.Append(guard.Mutex, guard.Sequence);
        }

        destination[text._length] = '\0';
        return text._length;
    }

    private void Append(MutexHeader* mutex, ulong sequence)
    {
        Append(mutex->Kind == MutexKind.FastMutex ? "FastMutex " : mutex->Kind == MutexKind.CriticalSection ? "CriticalSection " : "KMutex ");
        AppendNumber(mutex->MutexId);
        Append(" \"");
        for (int i = 0; i < mutex->LabelLength; i++)
        {
            Append(mutex->Label[i]);
        }

        Append("\", thread ");
        AppendNumber(mutex->OwnerThreadId);
        Append(", depth ");
        AppendNumber(mutex->Depth);
        Append(", acquire ");
        AppendNumber(sequence);
        Append(mutex->DataSize == 0 ? "" : ", data");
        byte* data = MutexBlock.DataOf(mutex);
        for (uint i = 0; i < mutex->DataSize && i < MostData; i++)
        {
            Append(' ');
            Append(Digit((uint)(data[i] >> 4)));
            Append(Digit(data[i] & 15u));
        }
    }

    private static char Digit(uint value) => (char)(value < 10 ? '0' + value : 'A' + value - 10);

    private void AppendNumber(ulong value)
    {
        const int MostDigits = 20;
        char* digits = stackalloc char[MostDigits];
        int at = MostDigits;
        do
        {
            digits[--at] = Digit((uint)(value % 10));
            value /= 10;
        }
        while (value != 0);

        while (at < MostDigits)
        {
            Append(digits[at++]);
        }
    }

    private void Append(string text)
    {
        fixed (char* characters = text)
        {
            for (int i = 0; i < text.Length; i++)
            {
                Append(characters[i]);
            }
        }
    }

    private void Append(char character)
    {
        if (_length < _room)
        {
            _destination[_length++] = character;
        }
    }
}
