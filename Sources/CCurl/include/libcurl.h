/*
 * The system's libcurl, opened at first use instead of linked.
 *
 * Linking it would add 6 ms to the start of every program, and most programs never send a request. Each function below
 * calls the function of libcurl with the same suffix. No function may be called before libcurl_open() has returned
 * LIBCURL_READY. Swift cannot call the variadic functions curl_easy_setopt and curl_easy_getinfo, so there is one
 * function for each type of value.
 */
#ifndef TOOLHOST_LIBCURL_H
#define TOOLHOST_LIBCURL_H

/* Distinct types for the handles, instead of void pointers. */
#define CURL_STRICTER
#include <curl/curl.h>
#include <stdbool.h>

typedef enum libcurl_state {
    LIBCURL_READY,
    /* There is no libcurl.so.4, or the dynamic linker refuses it. */
    LIBCURL_MISSING,
    /* It is older than 7.85, or lacks a function. */
    LIBCURL_TOO_OLD,
} libcurl_state;

/*
 * Opens the library unless it is open. After a failure, the next call tries again: the cause may have been a lack of
 * file descriptors. Two threads must not call it at the same time.
 */
libcurl_state libcurl_open(void);

/* The reason for a state other than LIBCURL_READY: the linker's message or the version. Valid until the next call. */
const char *libcurl_open_error(void);

/* The version, such as "7.88.1". */
const char *libcurl_version(void);
/* True if the library supports TLS. */
bool libcurl_has_tls(void);
/* The description of a result code, valid until the process exits. */
const char *libcurl_easy_strerror(CURLcode code);

/*
 * A thread that runs transfers calls these first and last. Between the calls, exit() waits for the thread's next
 * libcurl_multi_poll(), which then does not return.
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
/* The next transfer that has ended, with its result, or NULL if there is none. */
CURL *libcurl_multi_next_ended(CURLM *multi, CURLcode *result);

#endif
