using System;
using System.Runtime.InteropServices;

namespace Tracing.Driver;

/// <summary>
/// Mutexes for other drivers: the C ABI that kmutex.h declares, where each function is documented. A handle is the address of the mutex; a guard is
/// 64 bytes of the client's, of which a <see cref="GuardState"/> uses the first.
/// </summary>
internal static unsafe class MutexExports
{
    /// <summary>1.0: major in the high half, minor in the low one. A new major breaks clients; a new minor adds.</summary>
    private const uint Version = 0x0001_0000;

    /// <summary>KMX_FOREVER: an alertable wait without a timeout.</summary>
    private const uint Forever = 0xFFFF_FFFF;

    /// <summary>KmxGetVersion. IRQL: any.</summary>
    [UnmanagedCallersOnly(EntryPoint = "KmxGetVersion")]
    internal static uint GetVersion() => Version;

    /// <summary>KmxCreateMutex. IRQL: &lt;= DISPATCH_LEVEL.</summary>
    [UnmanagedCallersOnly(EntryPoint = "KmxCreateMutex")]
    internal static int CreateMutex(ClientMutexConfig* config, ClientSite* site, MutexHeader** mutex)
    {
        if (mutex == null)
        {
            return NtStatus.InvalidParameter;
        }

        *mutex = null;
        if (!ClientMutexConfig.IsValid(config))
        {
            return NtStatus.InvalidParameter;
        }

        CallSite call = SiteOf(site);
        MutexError error = MutexBlock.Allocate(
            KindOf(config),
            config->DataSize,
            new MutexLabel(config->Label),
            out MutexHeader* made,
            in call);
        if (error == MutexError.None && config->InitialData != null)
        {
            Copy(config->InitialData, DataOf(made), config->DataSize);
        }

        *mutex = made;
        return ExportStatus.Of(error);
    }

    /// <summary>KmxFreeMutex. IRQL: &lt;= DISPATCH_LEVEL.</summary>
    [UnmanagedCallersOnly(EntryPoint = "KmxFreeMutex")]
    internal static int FreeMutex(MutexHeader* mutex, ClientSite* site)
    {
        CallSite call = SiteOf(site);
        return ExportStatus.Of(mutex == null ? MutexError.Empty : MutexBlock.Free(mutex, FreeReason.Disposed, in call));
    }

    /// <summary>KmxLock. IRQL: &lt;= APC_LEVEL.</summary>
    [UnmanagedCallersOnly(EntryPoint = "KmxLock")]
    internal static int Lock(MutexHeader* mutex, GuardState* guard, ClientSite* site)
    {
        AcquireRequest request = new(SiteOf(site));
        return Acquire(mutex, guard, in request);
    }

    /// <summary>KmxTryLock. IRQL: &lt;= APC_LEVEL.</summary>
    [UnmanagedCallersOnly(EntryPoint = "KmxTryLock")]
    internal static int TryLock(MutexHeader* mutex, GuardState* guard, ClientSite* site)
    {
        AcquireRequest request = AcquireRequest.Try(SiteOf(site));
        return Acquire(mutex, guard, in request);
    }

    /// <summary>KmxLockFor. IRQL: &lt;= APC_LEVEL.</summary>
    [UnmanagedCallersOnly(EntryPoint = "KmxLockFor")]
    internal static int LockFor(MutexHeader* mutex, uint milliseconds, GuardState* guard, ClientSite* site)
    {
        AcquireRequest request = AcquireRequest.Within(milliseconds, SiteOf(site));
        return Acquire(mutex, guard, in request);
    }

    /// <summary>KmxLockAlertable. IRQL: &lt;= APC_LEVEL.</summary>
    [UnmanagedCallersOnly(EntryPoint = "KmxLockAlertable")]
    internal static int LockAlertable(MutexHeader* mutex, uint milliseconds, GuardState* guard, ClientSite* site)
    {
        CallSite call = SiteOf(site);
        AcquireRequest request = milliseconds == Forever ? AcquireRequest.Alertable(call) : AcquireRequest.AlertableWithin(milliseconds, call);
        return Acquire(mutex, guard, in request);
    }

    /// <summary>KmxUnlock. IRQL: &lt;= APC_LEVEL.</summary>
    [UnmanagedCallersOnly(EntryPoint = "KmxUnlock")]
    internal static int Unlock(GuardState* guard) =>
        guard == null ? NtStatus.InvalidParameter : ExportStatus.Of(
            guard->Mutex != null && IsFast(guard->Mutex) ? FastLock.Release(ref *guard) : LockSlowPath.Release(ref *guard));

    /// <summary>KmxGetData. IRQL: any.</summary>
    [UnmanagedCallersOnly(EntryPoint = "KmxGetData")]
    internal static void* GetData(GuardState* guard) => guard == null || guard->Mutex == null ? null : DataOf(guard->Mutex);

    /// <summary>KmxGetOwner. IRQL: any.</summary>
    [UnmanagedCallersOnly(EntryPoint = "KmxGetOwner")]
    internal static uint GetOwner(MutexHeader* mutex) => mutex == null ? 0 : mutex->OwnerThreadId;

    private static int Acquire(MutexHeader* mutex, GuardState* guard, in AcquireRequest request)
    {
        if (guard == null)
        {
            return NtStatus.InvalidParameter;
        }

        if (mutex == null || !IsFast(mutex))
        {
            return ExportStatus.Of(LockSlowPath.Acquire(mutex, guard, in request));
        }

        // The kernel has no timed and no alertable wait for a FAST_MUTEX.
        if (request.Has(AcquiredFlags.Timed | AcquiredFlags.Alertable))
        {
            *guard = default;
            return NtStatus.InvalidParameter;
        }

        return ExportStatus.Of(FastLock.Acquire(mutex, guard, in request));
    }

    private static MutexKind KindOf(ClientMutexConfig* config) =>
        (config->Flags & ClientMutexConfig.Fast) != 0 ? MutexKind.FastMutex : config->DataSize == 0 ? MutexKind.CriticalSection : MutexKind.KMutex;

    private static bool IsFast(MutexHeader* mutex) => mutex->Kind == MutexKind.FastMutex;

    /// <summary>A site that is null, or too small to be read, or without a file, is unknown.</summary>
    private static CallSite SiteOf(ClientSite* site) =>
        new(site == null || site->Size < (uint)sizeof(ClientSite) || site->File == null ? null : site);

    private static byte* DataOf(MutexHeader* mutex) => (byte*)mutex + MutexBlock.DataOffset;

    private static void Copy(byte* from, byte* to, uint length) => SpanHelpers.Memmove(ref *to, ref *from, length);
}
