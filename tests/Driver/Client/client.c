/* The part of the client that is C. */
#include "../../../driver/include/kmutex.h"

NTSTATUS lock_from_c(KMX_MUTEX *mutex) {
    KMX_GUARD guard;
    NTSTATUS status = KmxLockAlertable(mutex, KMX_FOREVER, &guard, KMX_HERE); /* here: alertable */
    if (!NT_SUCCESS(status)) {
        return status;
    }

    *(unsigned long long *)KmxGetData(&guard) += 1;
    return KmxUnlock(&guard);
}
