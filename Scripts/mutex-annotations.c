/*
 * Reports to the thread sanitizer the acquisitions and releases of a contended Mutex of Swift.
 *
 * Without contention, a Mutex is atomic operations in the program, which the sanitizer sees. With contention, it is a call
 * of the standard library, which is not instrumented, so that the sanitizer would report races on the guarded values.
 * These functions wrap those of the library. Scripts/sanitize links them.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

#define SWIFT_METHOD __attribute__((swiftcall))
#define SWIFT_SELF __attribute__((swift_context)) void *mutex

/* Weak, because programs without the sanitizer, such as macros, do not have them. */
__attribute__((weak)) void __tsan_acquire(void *address);
__attribute__((weak)) void __tsan_release(void *address);

SWIFT_METHOD void lock_slow(uint32_t thread, SWIFT_SELF) __asm__("$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF");
SWIFT_METHOD void unlock_slow(SWIFT_SELF) __asm__("$s15Synchronization12_MutexHandleV11_unlockSlowyyF");

SWIFT_METHOD void lock_slow(uint32_t thread, SWIFT_SELF) {
    typedef SWIFT_METHOD void original_fn(uint32_t thread, SWIFT_SELF);
    original_fn *original = (original_fn *)dlsym(RTLD_NEXT, "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF");
    original(thread, mutex);
    if (__tsan_acquire) __tsan_acquire(mutex);
}

SWIFT_METHOD void unlock_slow(SWIFT_SELF) {
    typedef SWIFT_METHOD void original_fn(SWIFT_SELF);
    original_fn *original = (original_fn *)dlsym(RTLD_NEXT, "$s15Synchronization12_MutexHandleV11_unlockSlowyyF");
    if (__tsan_release) __tsan_release(mutex);
    original(mutex);
}
