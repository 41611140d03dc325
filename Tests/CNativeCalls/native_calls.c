#include "native_calls.h"

#include <ffi.h>
#include <math.h>
#include <string.h>
#include <time.h>

/* Volatile, so that the compiler can neither inline nor omit the calls. */
static double (*volatile ldexp_pointer)(double, int) = ldexp;
static size_t (*volatile strlen_pointer)(const char *) = strlen;
static const char *volatile city = "New York";

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

int64_t native_ldexp(int64_t count) {
    int64_t start = now(), good = 0;
    for (int64_t i = 0; i < count; i++) good += ldexp_pointer(0.75, 4) == 12;
    return good == count ? now() - start : -1;
}

int64_t native_strlen(int64_t count) {
    int64_t start = now(), good = 0;
    for (int64_t i = 0; i < count; i++) good += strlen_pointer(city) == 8;
    return good == count ? now() - start : -1;
}

int64_t native_ffi_ldexp(int64_t count) {
    ffi_cif interface;
    ffi_type *types[] = {&ffi_type_double, &ffi_type_sint32};
    double x = 0.75, result = 0;
    int32_t exponent = 4;
    void *arguments[] = {&x, &exponent};
    if (ffi_prep_cif(&interface, FFI_DEFAULT_ABI, 2, &ffi_type_double, types) != FFI_OK) return -1;
    int64_t start = now(), good = 0;
    for (int64_t i = 0; i < count; i++) {
        ffi_call(&interface, native_ldexp_function(), &result, arguments);
        good += result == 12;
    }
    return good == count ? now() - start : -1;
}

int64_t native_ffi_strlen(int64_t count) {
    ffi_cif interface;
    ffi_type *types[] = {&ffi_type_pointer};
    const char *text = city;
    uint64_t result = 0;
    void *arguments[] = {&text};
    if (ffi_prep_cif(&interface, FFI_DEFAULT_ABI, 1, &ffi_type_uint64, types) != FFI_OK) return -1;
    int64_t start = now(), good = 0;
    for (int64_t i = 0; i < count; i++) {
        ffi_call(&interface, native_strlen_function(), &result, arguments);
        good += result == 8;
    }
    return good == count ? now() - start : -1;
}

native_function native_ldexp_function(void) { return (native_function)ldexp_pointer; }
native_function native_strlen_function(void) { return (native_function)strlen_pointer; }
