#define _GNU_SOURCE
#include "libcurl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

// These macros check the type of constant arguments, which prevents passing values through.
#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

// The first version with CURLOPT_PROTOCOLS_STR, which restricts transfers to HTTP.
enum { OLDEST_VERSION = 0x075500 };

#define FUNCTIONS(EACH) \
    EACH(easy_cleanup) EACH(easy_getinfo) EACH(easy_init) EACH(easy_pause) EACH(easy_setopt) EACH(easy_strerror) \
    EACH(global_init) EACH(multi_add_handle) EACH(multi_cleanup) EACH(multi_info_read) EACH(multi_init) \
    EACH(multi_perform) EACH(multi_poll) EACH(multi_remove_handle) EACH(multi_setopt) EACH(multi_wakeup) \
    EACH(slist_append) EACH(slist_free_all) EACH(version_info)

static struct {
#define MEMBER(name) __typeof__(curl_##name) *name;
    FUNCTIONS(MEMBER)
#undef MEMBER
} library;

static char error[256];
static const curl_version_info_data *version;

// Each thread that runs transfers holds a read lock, except while it sleeps.
static pthread_rwlock_t awake = PTHREAD_RWLOCK_WRITER_NONRECURSIVE_INITIALIZER_NP;

// exit() frees data of the TLS library while these threads may be in a handshake. The write lock stops them when they
// sleep, until the process has exited.
static void stop_threads(void) {
    struct timespec limit;
    clock_gettime(CLOCK_REALTIME, &limit);
    limit.tv_sec += 2;
    pthread_rwlock_timedwrlock(&awake, &limit);
}

static libcurl_state open_library(void) {
    // The second name is that of the same library built with GnuTLS.
    void *handle = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL) {
        const char *reason = dlerror();
        snprintf(error, sizeof error, "%s", reason ? reason : "libcurl.so.4 cannot be opened");
        handle = dlopen("libcurl-gnutls.so.4", RTLD_NOW | RTLD_LOCAL);
    }
    if (handle == NULL) return LIBCURL_MISSING;
    // Check the version first, because it explains why a function is missing.
    *(void **)&library.version_info = dlsym(handle, "curl_version_info");
    version = library.version_info ? library.version_info(CURLVERSION_NOW) : NULL;
    if (version == NULL || version->version_num < OLDEST_VERSION) {
        snprintf(error, sizeof error, "%s", version ? version->version : "no curl_version_info");
        return LIBCURL_TOO_OLD;
    }
#define LOAD(name) \
    *(void **)&library.name = dlsym(handle, "curl_" #name); \
    if (library.name == NULL) { \
        snprintf(error, sizeof error, "%s without curl_" #name, version->version); \
        return LIBCURL_TOO_OLD; \
    }
    FUNCTIONS(LOAD)
#undef LOAD
    CURLcode result = library.global_init(CURL_GLOBAL_DEFAULT);
    if (result != CURLE_OK) {
        snprintf(error, sizeof error, "%s", library.easy_strerror(result));
        return LIBCURL_MISSING;
    }
    // The handler that is registered last runs first: before those of the TLS library, which is loaded by now.
    atexit(stop_threads);
    return LIBCURL_READY;
}

libcurl_state libcurl_open(void) {
    static bool is_open;
    if (is_open) return LIBCURL_READY;
    libcurl_state state = open_library();
    is_open = state == LIBCURL_READY;
    return state;
}

void libcurl_thread_begin(void) { pthread_rwlock_rdlock(&awake); }
void libcurl_thread_end(void) { pthread_rwlock_unlock(&awake); }

const char *libcurl_open_error(void) { return error; }
const char *libcurl_version(void) { return version->version; }
bool libcurl_has_tls(void) { return version->features & CURL_VERSION_SSL; }
const char *libcurl_easy_strerror(CURLcode code) { return library.easy_strerror(code); }

// A child process, even one that starts at this moment, must not inherit a connection.
static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address) {
    (void)context;
    (void)purpose;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

// libcurl sends a request again if a reused connection closes before the first byte of the response. Without this
// option it would reuse another connection, which may have closed too, and send one request up to six times.
static int retry_on_new_connection(void *transfer, char *peer, char *local, int peer_port, int local_port) {
    (void)peer;
    (void)local;
    (void)peer_port;
    (void)local_port;
    library.easy_setopt(transfer, CURLOPT_FRESH_CONNECT, 1L);
    return CURL_PREREQFUNC_OK;
}

CURL *libcurl_easy_init(void) {
    CURL *transfer = library.easy_init();
    if (transfer == NULL) return NULL;
    library.easy_setopt(transfer, CURLOPT_OPENSOCKETFUNCTION, open_socket);
    library.easy_setopt(transfer, CURLOPT_PREREQFUNCTION, retry_on_new_connection);
    library.easy_setopt(transfer, CURLOPT_PREREQDATA, transfer);
#if LIBCURL_VERSION_NUM >= 0x075700
    // A stopped transfer must not wait for the resolver's thread, which may take half a minute.
    library.easy_setopt(transfer, CURLOPT_QUICK_EXIT, 1L);
#endif
    return transfer;
}

void libcurl_easy_cleanup(CURL *transfer) { library.easy_cleanup(transfer); }
CURLcode libcurl_easy_pause(CURL *transfer, int mask) { return library.easy_pause(transfer, mask); }

CURLcode libcurl_easy_set_long(CURL *transfer, CURLoption option, long value) {
    return library.easy_setopt(transfer, option, value);
}

CURLcode libcurl_easy_set_string(CURL *transfer, CURLoption option, const char *value) {
    return library.easy_setopt(transfer, option, value);
}

CURLcode libcurl_easy_set_pointer(CURL *transfer, CURLoption option, void *value) {
    return library.easy_setopt(transfer, option, value);
}

CURLcode libcurl_easy_set_callback(CURL *transfer, CURLoption option, curl_write_callback value) {
    return library.easy_setopt(transfer, option, value);
}

long libcurl_easy_get_long(CURL *transfer, CURLINFO info) {
    long value = 0;
    library.easy_getinfo(transfer, info, &value);
    return value;
}

struct curl_slist *libcurl_slist_append(struct curl_slist *list, const char *line) {
    return library.slist_append(list, line);
}

void libcurl_slist_free_all(struct curl_slist *list) { library.slist_free_all(list); }

CURLM *libcurl_multi_init(void) { return library.multi_init(); }
void libcurl_multi_cleanup(CURLM *multi) { library.multi_cleanup(multi); }

CURLMcode libcurl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return library.multi_setopt(multi, option, value);
}

CURLMcode libcurl_multi_add_handle(CURLM *multi, CURL *transfer) { return library.multi_add_handle(multi, transfer); }

CURLMcode libcurl_multi_remove_handle(CURLM *multi, CURL *transfer) {
    return library.multi_remove_handle(multi, transfer);
}

CURLMcode libcurl_multi_perform(CURLM *multi, int *running) { return library.multi_perform(multi, running); }

CURLMcode libcurl_multi_poll(CURLM *multi, int milliseconds) {
    libcurl_thread_end();
    CURLMcode result = library.multi_poll(multi, NULL, 0, milliseconds, NULL);
    libcurl_thread_begin();
    return result;
}

CURLMcode libcurl_multi_wakeup(CURLM *multi) { return library.multi_wakeup(multi); }

CURL *libcurl_multi_next_ended(CURLM *multi, CURLcode *result) {
    int left;
    const CURLMsg *message;
    while ((message = library.multi_info_read(multi, &left)) != NULL) {
        if (message->msg == CURLMSG_DONE) {
            *result = message->data.result;
            return message->easy_handle;
        }
    }
    return NULL;
}
