namespace Tracing.Driver;

/// <summary>
/// What the registry holds: a list through the mutexes themselves, under a spin lock. A driver has a handful of labels, so it is searched
/// from its beginning. The pool is never called with the lock held.
/// </summary>
internal static unsafe class RegistryTable
{
    private static SpinLock _lock;
    private static MutexHeader* _first;
    private static bool _exists;

    /// <summary>Makes the registry, empty. IRQL: &lt;= DISPATCH_LEVEL.</summary>
    internal static GrtError Open()
    {
        if (IsIrqlTooHigh())
        {
            return GrtError.IrqlTooHigh;
        }

        byte irql = _lock.Acquire();
        GrtError error = _exists ? GrtError.AlreadyExists : GrtError.None;
        _exists = true;
        _lock.Release(irql);
        return error;
    }

    /// <summary>Whether a label can be registered now. IRQL: &lt;= DISPATCH_LEVEL.</summary>
    internal static GrtError CheckLabel(string label, bool replaces, in CallSite site)
    {
        if (IsIrqlTooHigh())
        {
            return GrtError.IrqlTooHigh;
        }

        fixed (char* characters = label)
        {
            byte irql = _lock.Acquire();
            GrtError error = CheckPlace(*Find(characters, label.Length), replaces, in site);
            _lock.Release(irql);
            return error;
        }
    }

    /// <summary>Registers a mutex that nobody else knows yet; frees the one that had its label. IRQL: &lt;= DISPATCH_LEVEL.</summary>
    /// <param name="mutex">Has its label.</param>
    /// <param name="type">A <see cref="TypeToken{T}"/>.</param>
    /// <param name="replaces">Whether a mutex that has the label may go.</param>
    /// <param name="site">Where the call stands.</param>
    /// <returns>On failure the mutex is still the caller's.</returns>
    internal static GrtError Add(MutexHeader* mutex, nuint type, bool replaces, in CallSite site)
    {
        byte irql = _lock.Acquire();
        MutexHeader** place = Find(mutex->Label, mutex->LabelLength);
        MutexHeader* old = *place;
        GrtError error = CheckPlace(old, replaces, in site);
        if (error == GrtError.None)
        {
            mutex->RegisteredType = type;
            mutex->NextRegistered = old == null ? null : old->NextRegistered;
            *place = mutex;
            if (old != null)
            {
                old->RegisteredType = 0;
            }
        }

        _lock.Release(irql);
        if (error == GrtError.None && old != null)
        {
            _ = MutexBlock.Free(old, FreeReason.LabelReplaced, in site);
        }

        return error;
    }

    /// <summary>Counts one more user of a mutex. IRQL: &lt;= DISPATCH_LEVEL.</summary>
    internal static GrtError Get(MutexKind kind, string label, nuint type, out MutexHeader* mutex)
    {
        mutex = null;
        if (IsIrqlTooHigh())
        {
            return GrtError.IrqlTooHigh;
        }

        fixed (char* characters = label)
        {
            byte irql = _lock.Acquire();
            MutexHeader* found = *Find(characters, label.Length);
            GrtError error = CheckFound(found, kind, type);
            if (error == GrtError.None)
            {
                found->Leases++;
                mutex = found;
            }

            _lock.Release(irql);
            return error;
        }
    }

    /// <summary>Counts one user less. IRQL: &lt;= DISPATCH_LEVEL; above it the mutex stays in use.</summary>
    internal static GrtError GiveBack(MutexHeader* mutex)
    {
        if (IsIrqlTooHigh())
        {
            return GrtError.IrqlTooHigh;
        }

        byte irql = _lock.Acquire();
        mutex->Leases--;
        _lock.Release(irql);
        return GrtError.None;
    }

    /// <summary>Frees what is not in use, and with the last of it the registry. IRQL: &lt;= DISPATCH_LEVEL.</summary>
    internal static GrtError Close(in CallSite site)
    {
        if (IsIrqlTooHigh())
        {
            return GrtError.IrqlTooHigh;
        }

        byte irql = _lock.Acquire();
        if (!_exists)
        {
            _lock.Release(irql);
            return GrtError.IsNull;
        }

        MutexHeader* unused = TakeUnused();
        _exists = _first != null;
        GrtError error = _exists ? GrtError.InUse : GrtError.None;
        _lock.Release(irql);

        while (unused != null)
        {
            MutexHeader* next = unused->NextRegistered;
            _ = MutexBlock.Free(unused, FreeReason.RegistryDestroyed, in site);
            unused = next;
        }

        return error;
    }

    /// <summary>Takes everything that is not in use out of the list, as a list of its own. The lock is held.</summary>
    private static MutexHeader* TakeUnused()
    {
        MutexHeader* unused = null;
        MutexHeader* kept = null;
        while (_first != null)
        {
            MutexHeader* mutex = _first;
            _first = mutex->NextRegistered;
            if (IsInUse(mutex))
            {
                mutex->NextRegistered = kept;
                kept = mutex;
            }
            else
            {
                mutex->RegisteredType = 0;
                mutex->NextRegistered = unused;
                unused = mutex;
            }
        }

        _first = kept;
        return unused;
    }

    private static bool IsIrqlTooHigh() => Kernel.KeGetCurrentIrql() > Irql.Dispatch;

    /// <summary>A guard may outlive the lease that it was locked through: holders and waiters count as well. The lock is held.</summary>
    private static bool IsInUse(MutexHeader* mutex) => mutex->Leases != 0 || mutex->Waiters != 0 || MutexBlock.IsHeld(mutex);

    /// <summary>Whether a label can be registered, given the mutex that has it or null. The lock is held.</summary>
    private static GrtError CheckPlace(MutexHeader* taken, bool replaces, in CallSite site)
    {
        if (!_exists)
        {
            return GrtError.IsNull;
        }

        if (taken == null)
        {
            return GrtError.None;
        }

        if (!replaces)
        {
            return GrtError.KeyExists;
        }

        if (IsInUse(taken))
        {
            LockTrace.Misused(taken, MisuseKind.LabelInUse, in site);
            return GrtError.InUse;
        }

        return GrtError.None;
    }

    /// <summary>Whether what was found, or null, is what was asked for. The lock is held.</summary>
    private static GrtError CheckFound(MutexHeader* found, MutexKind kind, nuint type)
    {
        if (!_exists)
        {
            return GrtError.IsNull;
        }

        if (found == null)
        {
            return _first == null ? GrtError.IsEmpty : GrtError.KeyNotFound;
        }

        return found->Kind == kind && found->RegisteredType == type ? GrtError.None : GrtError.TypeMismatch;
    }

    /// <summary>The pointer that leads to the mutex of a label, or the null at the end of the list. The lock is held.</summary>
    private static MutexHeader** Find(char* label, int length)
    {
        fixed (MutexHeader** first = &_first)
        {
            MutexHeader** place = first;
            while (*place != null && !HasLabel(*place, label, length))
            {
                place = &(*place)->NextRegistered;
            }

            return place;
        }
    }

    private static bool HasLabel(MutexHeader* mutex, char* label, int length)
    {
        if (mutex->LabelLength != length)
        {
            return false;
        }

        for (int i = 0; i < length; i++)
        {
            if (mutex->Label[i] != label[i])
            {
                return false;
            }
        }

        return true;
    }
}
