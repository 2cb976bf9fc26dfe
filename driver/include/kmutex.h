/*
 * Traced kernel mutexes for drivers in C, C++ or anything that calls C: what kmutex.sys exports. Link with kmutex.lib.
 *
 * Works with the WDK (include ntddk.h or wdm.h first) and without it. x64 only. Everything a call is given is read during the call and not kept:
 * texts are copied, so that a trace can name a driver that is long unloaded.
 *
 * Every function that returns an NTSTATUS returns a negative one whenever it has not done what it was asked: NT_SUCCESS(KmxTryLock(...)) means that
 * the mutex is held. What goes wrong is also an event in the trace.
 */
#ifndef KMUTEX_H
#define KMUTEX_H

#ifdef __cplusplus
extern "C" {
#endif

#ifndef _NTDEF_
typedef long NTSTATUS;
#endif
#ifndef NT_SUCCESS
#define NT_SUCCESS(status) (((NTSTATUS)(status)) >= 0)
#endif

#define KMX_API __declspec(dllimport)

/* The version of this header: major in the high half, minor in the low one. A new major breaks, a new minor adds. */
#define KMX_VERSION 0x00010000u

/* STATUS_INVALID_PARAMETER and STATUS_INSUFFICIENT_RESOURCES keep their usual values. */
#define KMX_STATUS_IRQL_TOO_HIGH ((NTSTATUS)0xE04D0001L) /* the IRQL is above the function's limit; nothing has happened */
#define KMX_STATUS_BUSY          ((NTSTATUS)0xE04D0002L) /* KmxTryLock: another thread holds it */
#define KMX_STATUS_TIMED_OUT     ((NTSTATUS)0xE04D0003L) /* the time has passed */
#define KMX_STATUS_ALERTED       ((NTSTATUS)0xE04D0004L) /* KmxLockAlertable: an alert or a user APC ended the wait */
#define KMX_STATUS_EMPTY         ((NTSTATUS)0xE04D0005L) /* the mutex is NULL, or the guard holds nothing */
#define KMX_STATUS_NOT_HELD      ((NTSTATUS)0xE04D0006L) /* unlocked while no thread holds it */
#define KMX_STATUS_NOT_OWNER     ((NTSTATUS)0xE04D0007L) /* unlocked by a thread that is not the owner */
#define KMX_STATUS_HELD          ((NTSTATUS)0xE04D0008L) /* freed while a thread holds it: it was kept */
#define KMX_STATUS_AWAITED       ((NTSTATUS)0xE04D0009L) /* freed while threads wait for it: it was kept */
#define KMX_STATUS_WAIT_FAILED   ((NTSTATUS)0xE04D000AL) /* the kernel's wait failed */
#define KMX_STATUS_ALREADY_OWNED ((NTSTATUS)0xE04D000BL) /* KMX_FAST: the thread holds it already; it cannot twice */
#define KMX_STATUS_IRQL_LOWERED  ((NTSTATUS)0xE04D000CL) /* KMX_FAST: unlocked below APC_LEVEL; it stays held */

/* KMX_MUTEX_CONFIG.Flags: a FAST_MUTEX. Its lock raises to APC_LEVEL until the unlock; not recursive, no timeout, not alertable. */
#define KMX_FAST 1u

/* KmxLockAlertable: no timeout. */
#define KMX_FOREVER 0xFFFFFFFFu

/* A mutex with the data it guards, in non-paged pool. */
typedef struct KMX_MUTEX KMX_MUTEX;

/* What one lock leaves behind for its unlock. On the stack of the thread that locks; not copied, not touched. All zero: holds nothing. */
typedef struct KMX_GUARD {
    unsigned long long Reserved[8];
} KMX_GUARD;

/* A place in source code. File and Function: zero-terminated UTF-8. KMX_HERE makes one. */
typedef struct KMX_SITE {
    unsigned int Size; /* sizeof(KMX_SITE) */
    unsigned int Line; /* from 1 */
    const char *File;
    const char *Function;
} KMX_SITE;

/* What a new mutex is to be. Zero what is not used. */
typedef struct KMX_MUTEX_CONFIG {
    unsigned int Size;       /* sizeof(KMX_MUTEX_CONFIG) */
    unsigned int Flags;      /* 0: a KMUTEX; or KMX_FAST */
    const char *Label;       /* what reports call it: zero-terminated UTF-8, 127 characters at most; or NULL */
    const void *InitialData; /* DataSize bytes; or NULL: the data begins as zeros */
    unsigned int DataSize;   /* bytes, up to 1 MiB; 0: a critical section without data */
    unsigned int Reserved;   /* 0 */
} KMX_MUTEX_CONFIG;

/* KMX_VERSION of the kmutex.sys that is loaded. IRQL: any. */
KMX_API unsigned int KmxGetVersion(void);

/*
 * Allocates a mutex, free. IRQL: <= DISPATCH_LEVEL.
 * Fails with STATUS_INVALID_PARAMETER, STATUS_INSUFFICIENT_RESOURCES or KMX_STATUS_IRQL_TOO_HIGH; *mutex is then NULL.
 */
KMX_API NTSTATUS KmxCreateMutex(const KMX_MUTEX_CONFIG *config, const KMX_SITE *site, KMX_MUTEX **mutex);

/*
 * Frees a mutex and its data. IRQL: <= DISPATCH_LEVEL. No other thread may be inside a call on it or enter one.
 * Fails with KMX_STATUS_HELD or KMX_STATUS_AWAITED, and keeps the memory; KMX_STATUS_EMPTY or KMX_STATUS_IRQL_TOO_HIGH.
 */
KMX_API NTSTATUS KmxFreeMutex(KMX_MUTEX *mutex, const KMX_SITE *site);

/*
 * Acquires, waiting as long as it takes, non-alertable. Recursive, unless KMX_FAST: each lock wants a guard of its own and an unlock.
 * IRQL: <= APC_LEVEL; with KMX_FAST returns at APC_LEVEL.
 * A mutex whose owner ended without unlocking is acquired, and the trace says so.
 * Fails with KMX_STATUS_IRQL_TOO_HIGH, KMX_STATUS_EMPTY, KMX_STATUS_WAIT_FAILED, KMX_STATUS_ALREADY_OWNED; the guard then holds nothing.
 */
KMX_API NTSTATUS KmxLock(KMX_MUTEX *mutex, KMX_GUARD *guard, const KMX_SITE *site);

/* Acquires if it can be had at once; otherwise KMX_STATUS_BUSY. IRQL: <= APC_LEVEL. */
KMX_API NTSTATUS KmxTryLock(KMX_MUTEX *mutex, KMX_GUARD *guard, const KMX_SITE *site);

/* Acquires within so many milliseconds; otherwise KMX_STATUS_TIMED_OUT. With KMX_FAST: STATUS_INVALID_PARAMETER. IRQL: <= APC_LEVEL. */
KMX_API NTSTATUS KmxLockFor(KMX_MUTEX *mutex, unsigned int milliseconds, KMX_GUARD *guard, const KMX_SITE *site);

/*
 * Acquires unless an alert or a user APC comes first, KMX_STATUS_ALERTED, or the time is over; KMX_FOREVER: no timeout. With KMX_FAST:
 * STATUS_INVALID_PARAMETER. IRQL: <= APC_LEVEL.
 */
KMX_API NTSTATUS KmxLockAlertable(KMX_MUTEX *mutex, unsigned int milliseconds, KMX_GUARD *guard, const KMX_SITE *site);

/*
 * Releases what a guard holds, on the thread that locked. The guard is empty afterwards: a second unlock is refused. IRQL: <= APC_LEVEL.
 * Fails with KMX_STATUS_EMPTY, KMX_STATUS_NOT_HELD, KMX_STATUS_NOT_OWNER, KMX_STATUS_IRQL_TOO_HIGH, KMX_STATUS_IRQL_LOWERED; the mutex
 * then stays as it is.
 */
KMX_API NTSTATUS KmxUnlock(KMX_GUARD *guard);

/* The data of the mutex that a guard holds, aligned to 16 bytes; NULL when it holds none. Good until the unlock. IRQL: any. */
KMX_API void *KmxGetData(const KMX_GUARD *guard);

/* The id of the thread that holds a mutex, 0 when it is free; may be old before it arrives. IRQL: any. */
KMX_API unsigned int KmxGetOwner(const KMX_MUTEX *mutex);

/* Whether the loaded kmutex.sys has everything this header declares. Ask in DriverEntry. IRQL: any. */
static __inline int KmxIsCompatible(void) {
    unsigned int loaded = KmxGetVersion();
    return (loaded >> 16) == (KMX_VERSION >> 16) && (loaded & 0xFFFFu) >= (KMX_VERSION & 0xFFFFu);
}

/* The place where this stands, for the last argument of the functions above: KmxLock(mutex, &guard, KMX_HERE). C only; C++ has kmutex.hpp. */
#ifndef __cplusplus
#define KMX_HERE (&(const KMX_SITE){sizeof(KMX_SITE), __LINE__, __FILE__, __func__})
#endif

#ifdef __cplusplus
}
#endif

#endif
