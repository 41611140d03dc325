/*
 * SHA-256 from the system's libcrypto, opened at first use instead of linked.
 *
 * Linking it would make every start of every program 1 ms slower, and most starts hash nothing. Except for
 * libcrypto_open() and libcrypto_open_error(), no function may be called before libcrypto_open() has returned
 * LIBCRYPTO_READY.
 */
#ifndef TOOLHOST_LIBCRYPTO_H
#define TOOLHOST_LIBCRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LIBCRYPTO_SHA256_BYTES = 32 };

typedef enum libcrypto_state {
    LIBCRYPTO_READY,
    /* Neither libcrypto.so.3 nor libcrypto.so.1.1 is found, or the dynamic linker refuses it. */
    LIBCRYPTO_MISSING,
    /* It lacks a function. */
    LIBCRYPTO_UNUSABLE,
} libcrypto_state;

/* A hash that is being computed. */
typedef struct libcrypto_hash libcrypto_hash;

/* Opens the library, once in a process. Any thread may call it, any number of times. */
libcrypto_state libcrypto_open(void);

/*
 * The reason for another state than LIBCRYPTO_READY: the linker's words, or the missing function. It lives as long as
 * the process.
 */
const char *_Nonnull libcrypto_open_error(void);

/* Begins a SHA-256. Returns NULL if the library refuses it. The caller frees the hash. */
libcrypto_hash *_Nullable libcrypto_sha256(void);

/* Adds bytes. Returns false if the library fails; the hash can only be freed then. */
bool libcrypto_hash_update(libcrypto_hash *_Nonnull hash, const void *_Nullable bytes, size_t count);

/* Writes the result, of LIBCRYPTO_SHA256_BYTES bytes. Returns false if the library fails. */
bool libcrypto_hash_finish(libcrypto_hash *_Nonnull hash, uint8_t *_Nonnull result);

void libcrypto_hash_free(libcrypto_hash *_Nullable hash);

#endif
