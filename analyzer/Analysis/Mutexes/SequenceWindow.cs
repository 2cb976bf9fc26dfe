namespace Tracing.Analysis.Mutexes;

/// <summary>What a sequence number turned out to be.</summary>
public enum SequenceVerdict
{
    /// <summary>Not seen before.</summary>
    New,

    /// <summary>Seen before: the event is there twice.</summary>
    Duplicate,

    /// <summary>No driver can count so far so fast: the number is damaged.</summary>
    Impossible,
}

/// <summary>
/// Counts which acquisitions of one mutex are missing from the recording, in constant memory, while their numbers arrive almost in order.
/// </summary>
/// <remarks>
/// <para>The driver numbers acquisitions from 1 while it holds the mutex, so a number that never arrives is an event that was lost: missing =
/// known range − numbers seen. The range begins at 1 for a mutex that was born in the recording, else at the first number that must be in it.</para>
/// <para>A window of the last 64 numbers tells a late event from a repeated one. An older number is taken as late while numbers are
/// missing, and as repeated otherwise. A mutable struct, to be used as a field and never copied while in use.</para>
/// </remarks>
public struct SequenceWindow
{
    /// <summary>The greatest step that is believed: at one acquisition per nanosecond it takes 18 minutes of silence on one mutex.</summary>
    public const ulong GreatestStep = 1UL << 40;

    private const int Width = 64;

    // Bit n says that number _highest - n was seen.
    private ulong _recent;
    private ulong _lowest;
    private ulong _highest;
    private ulong _evidence;
    private ulong _distinct;

    /// <summary>True once a number was seen.</summary>
    public readonly bool Any => _distinct > 0;

    /// <summary>The highest number seen in an acquire event; 0 for none.</summary>
    public readonly ulong Highest => _highest;

    /// <summary>The highest number known to exist; 0 for none.</summary>
    public readonly ulong HighestKnown => Math.Max(Math.Max(_highest, _evidence), _lowest == 0 ? 0 : _lowest - 1);

    /// <summary>Different numbers seen in acquire events.</summary>
    public readonly ulong Distinct => _distinct;

    /// <summary>Numbers known to exist and not seen.</summary>
    public readonly ulong Missing
    {
        get
        {
            ulong highest = Math.Max(_highest, _evidence);
            return _lowest == 0 || highest < _lowest ? 0 : highest - _lowest + 1 - _distinct;
        }
    }

    /// <summary>Says that all numbers from <paramref name="number"/> on belong into the recording. Earlier ones may still arrive, and count then.</summary>
    public void ExpectFrom(ulong number)
    {
        if (_lowest == 0 || number < _lowest)
        {
            _lowest = number;
        }
    }

    /// <summary>Says that a number exists, by another event than its acquire: a release, or the final count.</summary>
    /// <returns>False when the number cannot be true.</returns>
    public bool NoteExists(ulong number)
    {
        if (!IsPlausible(number))
        {
            return false;
        }

        _evidence = Math.Max(_evidence, number);
        return true;
    }

    /// <summary>Whether an acquire of this number was seen; null when it is too long ago to tell, and some number is missing.</summary>
    public readonly bool? Seen(ulong number)
    {
        if (!Any || number > _highest)
        {
            return false;
        }

        ulong age = _highest - number;
        return age < Width ? (_recent >> (int)age & 1) != 0
            : number >= _lowest && Missing == 0 ? true
            : null;
    }

    /// <summary>Takes the number of an acquire event.</summary>
    public SequenceVerdict Add(ulong number)
    {
        if (!IsPlausible(number))
        {
            return SequenceVerdict.Impossible;
        }

        if (number > _highest)
        {
            ulong step = number - _highest;
            _recent = Any && step < Width ? (_recent << (int)step) | 1 : 1;
            _highest = number;
        }
        else
        {
            ulong age = _highest - number;
            if (age < Width)
            {
                ulong bit = 1UL << (int)age;
                if ((_recent & bit) != 0)
                {
                    return SequenceVerdict.Duplicate;
                }

                _recent |= bit;
            }
            else if (number >= _lowest && Missing == 0)
            {
                return SequenceVerdict.Duplicate;
            }
        }

        ExpectFrom(number);
        _distinct++;
        return SequenceVerdict.New;
    }

    private readonly bool IsPlausible(ulong number)
    {
        ulong known = Math.Max(Math.Max(_highest, _evidence), _lowest);
        return number != 0 && (known == 0 || (number > known ? number - known : known - number) <= GreatestStep);
    }
}
