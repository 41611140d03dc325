/* Measurements of calls of C functions from C: each returns the duration of `count` calls in nanoseconds, or -1 if a
   result is wrong. */
#ifndef NATIVE_CALLS_H
#define NATIVE_CALLS_H

#include <stdint.h>

/* Calls through a pointer, so that the compiler cannot inline the function. */
int64_t native_ldexp(int64_t count);
int64_t native_strlen(int64_t count);

/* Calls through ffi_call, which is prepared once, with arguments that are in memory already. */
int64_t native_ffi_ldexp(int64_t count);
int64_t native_ffi_strlen(int64_t count);

/* The addresses of the measured functions; their type is not that of the functions. */
typedef void (*native_function)(void);
native_function native_ldexp_function(void);
native_function native_strlen_function(void);

#endif
