#include "libcrypto.h"

#include <dlfcn.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdio.h>

#define FUNCTIONS(EACH) \
    EACH(EVP_MD_CTX_new) EACH(EVP_MD_CTX_free) EACH(EVP_sha256) EACH(EVP_DigestInit_ex) EACH(EVP_DigestUpdate) \
    EACH(EVP_DigestFinal_ex)

static struct {
#define MEMBER(name) __typeof__(name) *name;
    FUNCTIONS(MEMBER)
#undef MEMBER
} library;

static libcrypto_state state;
static char error[256];

static void open_library(void) {
    // The second is OpenSSL 1.1, which older distributions still support.
    const char *name = "libcrypto.so.3";
    void *handle = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL) {
        const char *reason = dlerror();
        snprintf(error, sizeof error, "%s", reason ? reason : "libcrypto.so.3 cannot be opened");
        name = "libcrypto.so.1.1";
        handle = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    }
    if (handle == NULL) {
        state = LIBCRYPTO_MISSING;
        return;
    }
#define LOAD(function) \
    *(void **)&library.function = dlsym(handle, #function); \
    if (library.function == NULL) { \
        snprintf(error, sizeof error, "%s has no " #function, name); \
        state = LIBCRYPTO_UNUSABLE; \
        return; \
    }
    FUNCTIONS(LOAD)
#undef LOAD
}

libcrypto_state libcrypto_open(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, open_library);
    return state;
}

const char *libcrypto_open_error(void) { return error; }

static EVP_MD_CTX *context(libcrypto_hash *hash) { return (EVP_MD_CTX *)hash; }

libcrypto_hash *libcrypto_sha256(void) {
    EVP_MD_CTX *context = library.EVP_MD_CTX_new();
    if (context != NULL && library.EVP_DigestInit_ex(context, library.EVP_sha256(), NULL) != 1) {
        library.EVP_MD_CTX_free(context);
        context = NULL;
    }
    return (libcrypto_hash *)context;
}

bool libcrypto_hash_update(libcrypto_hash *hash, const void *bytes, size_t count) {
    return library.EVP_DigestUpdate(context(hash), bytes, count) == 1;
}

bool libcrypto_hash_finish(libcrypto_hash *hash, uint8_t *result) {
    unsigned int count = 0;
    return library.EVP_DigestFinal_ex(context(hash), result, &count) == 1 && count == LIBCRYPTO_SHA256_BYTES;
}

void libcrypto_hash_free(libcrypto_hash *hash) { library.EVP_MD_CTX_free(context(hash)); }
