// A driver for Wine alone: it gives kmutex.sys, while Wine loads it, the routines that Wine's ntoskrnl.exe does not have, by writing them into its import
// table. Nothing of it is Windows, and nothing that is decided here proves anything about Windows.
// Sources: the routines' DDI pages; PsSetLoadImageNotifyRoutine; "PE Format" for the import table.

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef long long i64;
typedef int NTSTATUS;

typedef struct { u16 length; u16 maximum; u16 *buffer; } UNICODE_STRING;
typedef struct { u32 properties; void *base; u32 selector; u64 size; } IMAGE_INFO;
typedef struct { u32 length; void *root; UNICODE_STRING *name; u32 attributes; void *security; void *quality; } OBJECT_ATTRIBUTES;
typedef void ENABLE_CALLBACK(const void *source, u32 code, u8 level, u64 any, u64 all, void *filter, void *context);

#define IMPORT __declspec(dllimport)
IMPORT NTSTATUS PsSetLoadImageNotifyRoutine(void (*routine)(UNICODE_STRING *, void *, IMAGE_INFO *));
IMPORT NTSTATUS PsRemoveLoadImageNotifyRoutine(void (*routine)(UNICODE_STRING *, void *, IMAGE_INFO *));
IMPORT NTSTATUS ZwProtectVirtualMemory(void *process, void **address, u64 *size, u32 protection, u32 *before);
IMPORT NTSTATUS ZwCreateFile(
    void **handle, u32 access, OBJECT_ATTRIBUTES *attributes, u64 *status, i64 *size, u32 file, u32 share, u32 disposition, u32 options, void *ea, u32 length);
IMPORT NTSTATUS ZwWriteFile(void *handle, void *event, void *apc, void *context, u64 *status, void *bytes, u32 length, i64 *offset, u32 *key);
IMPORT NTSTATUS ZwClose(void *handle);
IMPORT void *ExAllocatePoolWithTag(int type, u64 size, u32 tag);
IMPORT void *PsGetCurrentThreadId(void);
IMPORT void ExAcquireFastMutex(int *mutex);
IMPORT void ExReleaseFastMutex(int *mutex);
IMPORT u8 KeAcquireSpinLockRaiseToDpc(u64 *spin_lock);
IMPORT void KeReleaseSpinLock(u64 *spin_lock, u8 irql);
IMPORT NTSTATUS KeWaitForSingleObject(void *object, int reason, char mode, u8 alertable, i64 *timeout);
IMPORT int KeReleaseMutex(void *mutex, u8 wait);
IMPORT i64 KeQueryPerformanceCounter(i64 *frequency);

static ENABLE_CALLBACK *volatile enabled;
static void *enabled_context;
static volatile int registered;
static volatile int events;
static volatile int events_after_the_end;

// A session that wants everything is there before the provider: its callback comes before EtwRegister has returned, as the documentation allows.
static NTSTATUS EtwRegister(const void *provider, ENABLE_CALLBACK *callback, void *context, u64 *handle) {
    (void)provider;
    registered = 1;
    enabled_context = context;
    enabled = callback;
    if (callback) {
        callback(provider, 1, 5, ~0ull, 0, 0, context);
    }

    *handle = 1;
    return 0;
}

static NTSTATUS EtwWrite(u64 handle, const void *descriptor, const void *activity, u32 count, const void *data) {
    (void)descriptor, (void)activity, (void)count, (void)data;
    __atomic_fetch_add(registered && handle == 1 ? &events : &events_after_the_end, 1, __ATOMIC_SEQ_CST);
    return 0;
}

static u32 append(char *text, u32 length, const char *more) {
    while (*more) {
        text[length++] = *more++;
    }

    return length;
}

static u32 append_number(char *text, u32 length, u32 number) {
    char digits[10];
    u32 count = 0;
    do {
        digits[count++] = (char)('0' + (number % 10));
        number /= 10;
    } while (number);

    while (count) {
        text[length++] = digits[--count];
    }

    return length;
}

// Leaves what was counted where the test reads it: C:\kmutex-events.txt of the prefix.
static void tell(void) {
    static u16 path[] = u"\\??\\C:\\kmutex-events.txt";
    UNICODE_STRING name = { sizeof path - 2, sizeof path, path };
    OBJECT_ATTRIBUTES attributes = { sizeof attributes, 0, &name, 0x240, 0, 0 };
    u64 status[2];
    void *file;
    char text[100];
    u32 length = append_number(text, 0, (u32)events);
    length = append(text, length, " events, ");
    length = append_number(text, length, (u32)events_after_the_end);
    length = append(text, length, " without a registration\n");
    // GENERIC_WRITE | SYNCHRONIZE; FILE_OVERWRITE_IF; FILE_SYNCHRONOUS_IO_NONALERT | FILE_NON_DIRECTORY_FILE
    if (ZwCreateFile(&file, 0x40100000, &attributes, status, 0, 0x80, 0, 5, 0x60, 0, 0) >= 0) {
        (void)ZwWriteFile(file, 0, 0, 0, status, text, length, 0, 0);
        (void)ZwClose(file);
    }
}

static NTSTATUS EtwUnregister(u64 handle) {
    if (!registered || handle != 1) {
        return (NTSTATUS)0xC0000008;
    }

    registered = 0;
    tell();
    return 0;
}

static void *ExAllocatePool2(u64 flags, u64 size, u32 tag) {
    u8 *block = ExAllocatePoolWithTag(0, size, tag);
    for (u64 i = 0; block && !(flags & 2) && i < size; i++) {
        ((volatile u8 *)block)[i] = 0;
    }

    return block;
}

// Wine knows no IRQL. The driver asks for it, so each thread has one here, which the routines below raise and lower as their pages say.
static struct { volatile u32 thread; u8 irql; } levels[1024];

static u8 *level(void) {
    static u8 of_all_others;
    u32 thread = (u32)(u64)PsGetCurrentThreadId();
    for (u32 i = 0; i < sizeof levels / sizeof *levels; i++) {
        u32 expected = 0;
        u32 at = (thread / 4 + i) % (sizeof levels / sizeof *levels);
        if (levels[at].thread == thread || __atomic_compare_exchange_n(&levels[at].thread, &expected, thread, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
            return &levels[at].irql;
        }
    }

    return &of_all_others;
}

static u8 KeGetCurrentIrql(void) { return *level(); }

static u8 raise_to_dispatch(u64 *spin_lock) {
    u8 before = *level();
    (void)KeAcquireSpinLockRaiseToDpc(spin_lock);
    *level() = 2;
    return before;
}

static void lower_from_dispatch(u64 *spin_lock, u8 irql) {
    KeReleaseSpinLock(spin_lock, 0);
    *level() = irql;
}

// FAST_MUTEX: a count that is 1 when it is free, then the owner, and at 0x30 the IRQL to return to.
static void own(int *mutex) {
    mutex[12] = *level();
    *level() = 1;
}

static void acquire_fast(int *mutex) {
    ExAcquireFastMutex(mutex);
    own(mutex);
}

static u8 ExTryToAcquireFastMutex(int *mutex) {
    int expected = 1;
    if (!__atomic_compare_exchange_n(mutex, &expected, 0, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
        return 0;
    }

    own(mutex);
    return 1;
}

static void release_fast(int *mutex) {
    u8 irql = (u8)mutex[12];
    ExReleaseFastMutex(mutex);
    *level() = irql;
}

// Wine's object is asked, not the copy of its state in the driver's memory, which Wine changes without a lock. STATUS_ABANDONED (0x80) means had, too. Who
// owns the mutex is told that it is free.
static int KeReadStateMutex(void *mutex) {
    i64 now = 0;
    NTSTATUS status = KeWaitForSingleObject(mutex, 0, 0, 0, &now);
    if (status != 0 && status != 0x80) {
        return 0;
    }

    (void)KeReleaseMutex(mutex, 0);
    return 1;
}

static void KeStallExecutionProcessor(u32 microseconds) {
    i64 frequency;
    i64 end = KeQueryPerformanceCounter(&frequency);
    end += frequency * microseconds / 1000000;
    while (KeQueryPerformanceCounter(0) < end) {
    }
}

static const struct { const char *name; void *routine; } routines[] = {
    { "EtwRegister", EtwRegister },
    { "EtwUnregister", EtwUnregister },
    { "EtwWrite", EtwWrite },
    { "ExAllocatePool2", ExAllocatePool2 },
    { "ExTryToAcquireFastMutex", ExTryToAcquireFastMutex },
    { "KeGetCurrentIrql", KeGetCurrentIrql },
    { "KeQueryPerformanceCounter", KeQueryPerformanceCounter },
    { "ExAcquireFastMutex", acquire_fast },
    { "ExReleaseFastMutex", release_fast },
    { "KeAcquireSpinLockRaiseToDpc", raise_to_dispatch },
    { "KeReleaseSpinLock", lower_from_dispatch },
    { "KeReadStateMutex", KeReadStateMutex },
    { "KeStallExecutionProcessor", KeStallExecutionProcessor },
};

static int equal(const char *left, const char *right) {
    while (*left && *left == *right) {
        left++, right++;
    }

    return *left == *right;
}

static void bind(void **slot, const char *name) {
    for (u32 i = 0; i < sizeof routines / sizeof *routines; i++) {
        if (equal(routines[i].name, name)) {
            void *page = slot;
            u64 size = sizeof *slot;
            u32 before;
            if (ZwProtectVirtualMemory((void *)-1, &page, &size, 4 /* PAGE_READWRITE */, &before) >= 0) {
                *slot = routines[i].routine;
                (void)ZwProtectVirtualMemory((void *)-1, &page, &size, before, &before);
            }
        }
    }
}

// A driver has been mapped and bound, and does not run yet.
static void loaded(UNICODE_STRING *name, void *process, IMAGE_INFO *info) {
    (void)name, (void)process;
    u8 *image = info->base;
    u8 *optional = image + *(u32 *)(image + 0x3C) + 24;
    u32 imports = *(u32 *)(optional + 112 + 8);
    for (u32 *descriptor = (u32 *)(image + imports); imports && descriptor[3]; descriptor += 5) {
        u64 *names = (u64 *)(image + descriptor[0]);
        void **slots = (void **)(image + descriptor[4]);
        for (u32 i = 0; names[i]; i++) {
            if (!(names[i] >> 63)) {
                bind(&slots[i], (const char *)image + names[i] + 2);
            }
        }
    }
}

static void unload(void *driver) {
    (void)driver;
    (void)PsRemoveLoadImageNotifyRoutine(loaded);
}

NTSTATUS DriverEntry(u8 *driver, UNICODE_STRING *registry_path) {
    (void)registry_path;
    *(void (**)(void *))(driver + 0x68) = unload;
    return PsSetLoadImageNotifyRoutine(loaded);
}
