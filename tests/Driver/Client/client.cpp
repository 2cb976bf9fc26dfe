// A driver in C++ that locks with kmutex.sys: the test that loads it finds these lines again in the trace, by the words behind "here:".
// It checks what it sees; DriverEntry's status is 0xE0000000 plus the line of the first check that did not hold.
#include "../../../driver/include/kmutex.hpp"

extern "C" NTSTATUS lock_from_c(KMX_MUTEX *mutex);

extern "C" {
__declspec(dllimport) NTSTATUS PsCreateSystemThread(
    void **handle, unsigned int access, void *attributes, void *process, void *id, void (*start)(void *), void *context);
__declspec(dllimport) NTSTATUS PsTerminateSystemThread(NTSTATUS status);
__declspec(dllimport) NTSTATUS ZwWaitForSingleObject(void *handle, unsigned char alertable, long long *timeout);
__declspec(dllimport) NTSTATUS ZwClose(void *handle);
}

namespace {

constexpr unsigned int thread_count = 4;
constexpr unsigned int additions = 200;

struct account {
    long long balance;
    unsigned int changes;
};

kmutex::mutex<account> accounts;
kmutex::fast_mutex<int> fast;
KMX_MUTEX *plain;

#define CHECK(condition)                                                                                                                   \
    if (!(condition))                                                                                                                      \
        return static_cast<NTSTATUS>(0xE0000000u + __LINE__)

NTSTATUS use_cpp() {
    CHECK(NT_SUCCESS(accounts.create("Konten \xE2\x82\xAC", account{100, 0}))); // here: create
    {
        auto held = accounts.lock(); // here: lock
        CHECK(held);
        CHECK(held->balance == 100);
        held->balance += 11;
        CHECK(accounts.owner() != 0);

        auto again = accounts.try_lock(); // here: try
        CHECK(again);
        CHECK(NT_SUCCESS(again.unlock()));
        CHECK(again.unlock() == KMX_STATUS_EMPTY);
        CHECK(accounts.free() == KMX_STATUS_HELD); // here: refused free
    }

    kmutex::scoped_mutex<int> scoped;
    CHECK(NT_SUCCESS(scoped.create("Scoped", 5)));
    CHECK(scoped.create("Scoped twice") == static_cast<NTSTATUS>(0xC000000D));
    CHECK(*scoped.lock() == 5);

    CHECK(NT_SUCCESS(fast.create("Fast", 6)));
    {
        auto held = fast.lock(); // here: fast
        CHECK(*held == 6);
        CHECK(fast.try_lock().status() == KMX_STATUS_ALREADY_OWNED);
        CHECK(NT_SUCCESS(held.unlock()));
    }

    CHECK(NT_SUCCESS(fast.free()));

    kmutex::critical_section section;
    CHECK(NT_SUCCESS(section.create("Section")));
    {
        auto inside = section.lock(); // here: section
        CHECK(inside);
        CHECK(section.owner() != 0);
        CHECK(section.lock_for(1));
        CHECK(section.lock_alertable(1));
    }

    CHECK(NT_SUCCESS(section.free()));

    CHECK(accounts.owner() == 0);
    auto timed = accounts.lock_for(5, KMUTEX_HERE); // here: timed
    CHECK(timed);
    CHECK(timed->balance == 111);
    return 0;
}

void add(void *) {
    for (unsigned int i = 0; i < additions; i++) {
        if (auto held = accounts.lock()) { // here: contended
            held->balance++;
            held->changes++;
        }
    }

    (void)PsTerminateSystemThread(0);
}

// An address in the image's data, as most drivers have some: the loader has something to relocate.
void (*volatile thread_routine)(void *) = add;

NTSTATUS use_threads() {
    void *threads[thread_count];
    for (void *&thread : threads) {
        CHECK(NT_SUCCESS(PsCreateSystemThread(&thread, 0x1FFFFF, nullptr, nullptr, nullptr, thread_routine, nullptr)));
    }

    for (void *thread : threads) {
        CHECK(NT_SUCCESS(ZwWaitForSingleObject(thread, 0, nullptr)));
        CHECK(NT_SUCCESS(ZwClose(thread)));
    }

    auto held = accounts.lock();
    CHECK(held->changes == thread_count * additions);
    CHECK(held->balance == 111 + thread_count * additions);
    return 0;
}

NTSTATUS use_c() {
    const KMX_MUTEX_CONFIG config{sizeof(KMX_MUTEX_CONFIG), 0, nullptr, nullptr, 8, 0};
    CHECK(NT_SUCCESS(KmxCreateMutex(&config, nullptr, &plain)));
    NTSTATUS status = lock_from_c(plain);
    CHECK(NT_SUCCESS(KmxFreeMutex(plain, nullptr)));
    return status;
}

NTSTATUS refuse_nonsense() {
    KMX_MUTEX *none = nullptr;
    KMX_GUARD guard{};
    KMX_MUTEX_CONFIG config{sizeof(KMX_MUTEX_CONFIG), 0, nullptr, nullptr, 0x100001, 0};
    CHECK(KmxCreateMutex(&config, nullptr, &none) == static_cast<NTSTATUS>(0xC000000D));
    CHECK(KmxCreateMutex(nullptr, nullptr, &none) == static_cast<NTSTATUS>(0xC000000D));
    config.DataSize = 0;
    config.Size--;
    CHECK(KmxCreateMutex(&config, nullptr, &none) == static_cast<NTSTATUS>(0xC000000D));
    CHECK(none == nullptr);
    config.Size++;
    config.Flags = 2;
    CHECK(KmxCreateMutex(&config, nullptr, &none) == static_cast<NTSTATUS>(0xC000000D));
    config.Flags = KMX_FAST;
    CHECK(NT_SUCCESS(KmxCreateMutex(&config, nullptr, &none)));
    CHECK(KmxLockFor(none, 1, &guard, nullptr) == static_cast<NTSTATUS>(0xC000000D));
    CHECK(KmxLockAlertable(none, KMX_FOREVER, &guard, nullptr) == static_cast<NTSTATUS>(0xC000000D));
    CHECK(NT_SUCCESS(KmxFreeMutex(none, nullptr)));
    none = nullptr;
    CHECK(KmxLock(none, &guard, nullptr) == KMX_STATUS_EMPTY);
    CHECK(KmxUnlock(&guard) == KMX_STATUS_EMPTY);
    CHECK(KmxFreeMutex(none, nullptr) == KMX_STATUS_EMPTY);
    CHECK(KmxGetData(&guard) == nullptr);
    CHECK(KmxGetOwner(none) == 0);
    return 0;
}

// What DRIVER_OBJECT holds at 0x68 on x64 (wdm.h): DriverUnload.
void unload(void *) { (void)accounts.free(); } // here: free

} // namespace

extern "C" NTSTATUS DriverEntry(void *driver, void *) {
    CHECK(KmxIsCompatible());
    *reinterpret_cast<void (**)(void *)>(static_cast<char *>(driver) + 0x68) = unload;
    NTSTATUS status = use_cpp();
    status = NT_SUCCESS(status) ? use_threads() : status;
    status = NT_SUCCESS(status) ? use_c() : status;
    return NT_SUCCESS(status) ? refuse_nonsense() : status;
}
