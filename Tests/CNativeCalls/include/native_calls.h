/* What a call of a C function costs from C: nanoseconds that so many calls take, or -1 where one came out wrong. */
#ifndef NATIVE_CALLS_H
#define NATIVE_CALLS_H

#include <stdint.h>

/* As the compiler calls a function that it does not know. */
int64_t native_ldexp(int64_t count);
int64_t native_strlen(int64_t count);

/* The same through ffi_call, prepared once, with the arguments where it finds them. */
int64_t native_ffi_ldexp(int64_t count);
int64_t native_ffi_strlen(int64_t count);

/* The functions, for others to call; their type is not what it says. */
typedef void (*native_function)(void);
native_function native_ldexp_function(void);
native_function native_strlen_function(void);

#endif
