// Traced kernel mutexes for drivers in C++17 or later: kmutex.h with lifetimes. No exceptions, no allocation but the mutex itself, no library.
//
//     kmutex::mutex<account> accounts;                                  // constructed empty
//     NTSTATUS status = accounts.create("Accounts");                    // in DriverEntry
//     if (auto held = accounts.lock()) { held->balance += amount; }     // unlocks at the end of the scope
//
// Each call records where it stands. IRQL and errors are those of the functions in kmutex.h.
#ifndef KMUTEX_HPP
#define KMUTEX_HPP

#include "kmutex.h"

#if __cplusplus >= 202002L && defined(__has_include)
#if __has_include(<source_location>)
#include <source_location>
#endif
#endif

// The place where this stands, for compilers that cannot find out where a default argument is used: accounts.lock(KMUTEX_HERE).
#define KMUTEX_HERE (::kmutex::site{__FILE__, static_cast<unsigned int>(__LINE__), __func__})

namespace kmutex {

// A place in source code. The texts are not copied: literals, as compilers supply them.
class site {
public:
    constexpr site(const char *file, unsigned int line, const char *function) noexcept
        : raw_{sizeof(KMX_SITE), line, file, function} {}

#if defined(__cpp_lib_source_location)
    constexpr site(const std::source_location &here) noexcept : site{here.file_name(), here.line(), here.function_name()} {}

    static constexpr site here(std::source_location caller = std::source_location::current()) noexcept { return site{caller}; }
#elif defined(__clang__) || defined(__GNUC__) || (defined(_MSC_VER) && _MSC_VER >= 1926)
    static constexpr site here(const char *file = __builtin_FILE(), unsigned int line = __builtin_LINE(),
                               const char *function = __builtin_FUNCTION()) noexcept {
        return site{file, line, function};
    }
#else
    static constexpr site here() noexcept { return site{"", 0, ""}; }
#endif

    const KMX_SITE *raw() const noexcept { return &raw_; }

private:
    KMX_SITE raw_;
};

template <typename T, unsigned int Flags> class basic_mutex;

// Holds a mutex, or, when the lock failed, nothing. Stays in the scope and on the thread that locked.
template <typename T> class guard {
public:
    guard(const guard &) = delete;
    guard &operator=(const guard &) = delete;

    ~guard() { (void)unlock(); }

    explicit operator bool() const noexcept { return NT_SUCCESS(status_); }

    // Why nothing is held; success while something is.
    NTSTATUS status() const noexcept { return status_; }

    // The data. Only while this holds the mutex.
    T &operator*() const noexcept { return *static_cast<T *>(KmxGetData(&raw_)); }
    T *operator->() const noexcept { return static_cast<T *>(KmxGetData(&raw_)); }

    // Unlocks early. Afterwards this holds nothing; on failure it holds what it held.
    NTSTATUS unlock() noexcept {
        if (!*this) {
            return KMX_STATUS_EMPTY;
        }

        NTSTATUS status = KmxUnlock(&raw_);
        if (NT_SUCCESS(status)) {
            status_ = KMX_STATUS_EMPTY;
        }

        return status;
    }

private:
    template <typename, unsigned int> friend class basic_mutex;

    // The guard is made in the caller's own frame: C++17 does not copy what a function returns.
    template <typename Lock> explicit guard(Lock lock) noexcept : raw_{}, status_{lock(&raw_)} {}

    KMX_GUARD raw_;
    NTSTATUS status_;
};

// A mutex that owns the T it guards. T is copied byte by byte and lies in non-paged pool. It has no destructor, so that it can be a global: a driver
// has no runtime that would destroy those. free() it in DriverUnload; where there is a scope or an owner, use scoped_mutex.
template <typename T, unsigned int Flags> class basic_mutex {
    static_assert(__is_trivially_copyable(T), "The data of a mutex is copied byte by byte.");
    static_assert(alignof(T) <= 16, "The data of a mutex is aligned to 16 bytes.");

public:
    constexpr basic_mutex() noexcept = default;
    basic_mutex(const basic_mutex &) = delete;
    basic_mutex &operator=(const basic_mutex &) = delete;

    // Allocates. A mutex that exists already is left alone: STATUS_INVALID_PARAMETER.
    NTSTATUS create(const char *label, const T &initial = T{}, const site &here = site::here()) noexcept {
        if (handle_ != nullptr) {
            return static_cast<NTSTATUS>(0xC000000DL);
        }

        const KMX_MUTEX_CONFIG config{sizeof(KMX_MUTEX_CONFIG), Flags, label, &initial, __is_empty(T) ? 0u : static_cast<unsigned int>(sizeof(T)), 0};
        return KmxCreateMutex(&config, here.raw(), &handle_);
    }

    // Frees; afterwards this is empty and can be created again. On failure it is as it was.
    NTSTATUS free(const site &here = site::here()) noexcept {
        if (handle_ == nullptr) {
            return KMX_STATUS_EMPTY;
        }

        NTSTATUS status = KmxFreeMutex(handle_, here.raw());
        if (NT_SUCCESS(status)) {
            handle_ = nullptr;
        }

        return status;
    }

    [[nodiscard]] guard<T> lock(const site &here = site::here()) noexcept {
        return guard<T>([&](KMX_GUARD *raw) { return KmxLock(handle_, raw, here.raw()); });
    }

    [[nodiscard]] guard<T> try_lock(const site &here = site::here()) noexcept {
        return guard<T>([&](KMX_GUARD *raw) { return KmxTryLock(handle_, raw, here.raw()); });
    }

    [[nodiscard]] guard<T> lock_for(unsigned int milliseconds, const site &here = site::here()) noexcept {
        static_assert(Flags != KMX_FAST, "A FAST_MUTEX has no timed wait.");
        return guard<T>([&](KMX_GUARD *raw) { return KmxLockFor(handle_, milliseconds, raw, here.raw()); });
    }

    [[nodiscard]] guard<T> lock_alertable(unsigned int milliseconds = KMX_FOREVER, const site &here = site::here()) noexcept {
        static_assert(Flags != KMX_FAST, "A FAST_MUTEX has no alertable wait.");
        return guard<T>([&](KMX_GUARD *raw) { return KmxLockAlertable(handle_, milliseconds, raw, here.raw()); });
    }

    // The id of the thread that holds it; 0 when free or empty.
    unsigned int owner() const noexcept { return KmxGetOwner(handle_); }

private:
    KMX_MUTEX *handle_ = nullptr;
};

// Over a KMUTEX: recursive, with timed and alertable waits.
template <typename T> using mutex = basic_mutex<T, 0>;

// Over a FAST_MUTEX: its guard keeps the thread at APC_LEVEL; not recursive.
template <typename T> using fast_mutex = basic_mutex<T, KMX_FAST>;

// Data that is none.
struct nothing {};

// A section of code that one thread at a time is in: a KMUTEX that guards no data.
using critical_section = mutex<nothing>;

// A mutex that is freed with its scope or its owner. One that is still held then is kept by kmutex.sys, and reported in the trace.
template <typename T> class scoped_mutex : public mutex<T> {
public:
    ~scoped_mutex() { (void)this->free(); }
};

} // namespace kmutex

#endif
