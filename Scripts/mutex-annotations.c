/*
 * Tells the thread sanitizer what Swift's Mutex does where threads wait for one another.
 *
 * Without contention a Mutex is atomic operations in the program, which the sanitizer sees. Otherwise it is a call of the
 * standard library, which is not instrumented, and of the kernel: what the mutex guards would seem to be touched by two
 * threads at once. These stand in front of the library's own functions; Scripts/sanitize links them.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

#define SWIFT_METHOD __attribute__((swiftcall))
#define SWIFT_SELF __attribute__((swift_context)) void *mutex

/* Not there in programs that are built without the sanitizer, such as macros. */
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
