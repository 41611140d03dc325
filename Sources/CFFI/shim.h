/* libffi. Its types are global variables, which Swift 6 considers mutable; these functions return their addresses. */
#ifndef TOOLHOST_CFFI_SHIM_H
#define TOOLHOST_CFFI_SHIM_H

#include <errno.h>
#include <ffi.h>

#define TOOLHOST_FFI_TYPE(name) \
    static inline ffi_type *toolhost_ffi_##name(void) { return &ffi_type_##name; }
TOOLHOST_FFI_TYPE(void)
TOOLHOST_FFI_TYPE(sint8)
TOOLHOST_FFI_TYPE(sint16)
TOOLHOST_FFI_TYPE(sint32)
TOOLHOST_FFI_TYPE(sint64)
TOOLHOST_FFI_TYPE(uint8)
TOOLHOST_FFI_TYPE(uint16)
TOOLHOST_FFI_TYPE(uint32)
TOOLHOST_FFI_TYPE(uint64)
TOOLHOST_FFI_TYPE(float)
TOOLHOST_FFI_TYPE(double)
TOOLHOST_FFI_TYPE(pointer)
#undef TOOLHOST_FFI_TYPE

/* Calls a function with errno set to 0, and returns errno afterwards. It is in C so that no other code runs between. */
static inline int toolhost_ffi_call(ffi_cif *cif, void (*function)(void), void *result, void **arguments) {
    errno = 0;
    ffi_call(cif, function, result, arguments);
    return errno;
}

#endif
