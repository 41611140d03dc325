/*
 * The system's libcurl, opened at first use instead of linked.
 *
 * Linking it would make every start of every program 6 ms slower, and most never send a request. Each function below
 * calls the function of libcurl that its name ends with. None may be called before libcurl_open() has returned
 * LIBCURL_READY. curl_easy_setopt and curl_easy_getinfo are variadic, which Swift cannot call, so they appear once for
 * each type of value.
 */
#ifndef TOOLHOST_LIBCURL_H
#define TOOLHOST_LIBCURL_H

/* Distinct types for the handles, instead of void pointers. */
#define CURL_STRICTER
#include <curl/curl.h>
#include <stdbool.h>

typedef enum libcurl_state {
    LIBCURL_READY,
    /* No libcurl.so.4 is found, or the dynamic linker refuses it. */
    LIBCURL_MISSING,
    /* It is older than 7.85, or lacks a function. */
    LIBCURL_TOO_OLD,
} libcurl_state;

/*
 * Opens the library unless it is open. A failure is not remembered: there may have been no file descriptor left.
 * Two threads must not call it at the same time.
 */
libcurl_state libcurl_open(void);

/* The reason for another state than LIBCURL_READY: the linker's words, or the version. Valid until the next attempt. */
const char *libcurl_open_error(void);

/* The version, "7.88.1" say. */
const char *libcurl_version(void);
/* True if the library can speak TLS. */
bool libcurl_has_tls(void);
/* The words for a result code. They live as long as the process. */
const char *libcurl_easy_strerror(CURLcode code);

/*
 * The first and the last call of a thread that runs transfers. Between them exit() waits for the thread's next
 * libcurl_multi_poll(), which does not return then.
 */
void libcurl_thread_begin(void);
void libcurl_thread_end(void);

CURL *libcurl_easy_init(void);
void libcurl_easy_cleanup(CURL *transfer);
CURLcode libcurl_easy_pause(CURL *transfer, int mask);
CURLcode libcurl_easy_set_long(CURL *transfer, CURLoption option, long value);
CURLcode libcurl_easy_set_string(CURL *transfer, CURLoption option, const char *value);
CURLcode libcurl_easy_set_pointer(CURL *transfer, CURLoption option, void *value);
CURLcode libcurl_easy_set_callback(CURL *transfer, CURLoption option, curl_write_callback value);
long libcurl_easy_get_long(CURL *transfer, CURLINFO info);

struct curl_slist *libcurl_slist_append(struct curl_slist *list, const char *line);
void libcurl_slist_free_all(struct curl_slist *list);

CURLM *libcurl_multi_init(void);
void libcurl_multi_cleanup(CURLM *multi);
CURLMcode libcurl_multi_set_long(CURLM *multi, CURLMoption option, long value);
CURLMcode libcurl_multi_add_handle(CURLM *multi, CURL *transfer);
CURLMcode libcurl_multi_remove_handle(CURLM *multi, CURL *transfer);
CURLMcode libcurl_multi_perform(CURLM *multi, int *running);
CURLMcode libcurl_multi_poll(CURLM *multi, int milliseconds);
CURLMcode libcurl_multi_wakeup(CURLM *multi);
/* The next transfer that has ended, with its result; NULL if there is none. */
CURL *libcurl_multi_next_ended(CURLM *multi, CURLcode *result);

#endif
