/*
 * tool_plugin.h - the contract between a toolhost plugin and its host, ABI version 1.
 *
 * A plugin is one shared library that exports one function, tool_plugin_register_v1. The function returns a description
 * of the plugin and its tools: for each tool a JSON schema, which a language model reads, and a function, which the
 * host calls. A plugin needs only this header. It depends on the C library alone, and works in C, C++ and every
 * language that can export C functions. The macros TOOL_PLUGIN and TOOL_NATIVE are for C: in C++, define the function
 * tool_plugin_register_v1; in other languages, declare the types below as well.
 *
 * A complete plugin:
 *
 *     #include "tool_plugin.h"
 *
 *     static int32_t greet(void *context, const tool_call_v1 *call) {
 *         (void)context;
 *         tool_text_v1 name;
 *         if (tool_get_text(call, "/name", &name) != TOOL_RESULT_OK)
 *             return tool_fail(call, TOOL_INVALID_ARGUMENTS, "name: expected a string");
 *         tool_print(call, "Hello, %.*s!", (int)name.length, name.bytes);
 *         return tool_finish(call, TOOL_OK);
 *     }
 *
 *     static const tool_v1 greet_tool = {
 *         .struct_size = sizeof(tool_v1),
 *         .flags = TOOL_FLAG_CONCURRENT,
 *         .schema = TOOL_TEXT("{\"name\":\"greet\",\"description\":\"Greet someone\",\"parameters\":{\"type\":"
 *             "\"object\",\"required\":[\"name\"],\"properties\":{\"name\":{\"type\":\"string\"}}}}"),
 *         .execute = greet,
 *     };
 *
 *     TOOL_PLUGIN("{\"name\":\"greeter\",\"version\":\"1.0.0\"}", &greet_tool)
 *
 *     cc -shared -fPIC -I DIR_OF_THIS_HEADER -o greeter.so greeter.c
 *
 * The rules, in short:
 *
 *   Memory    Ownership is never transferred, so there is no free function. Data from the host is valid until you
 *             complete the call. The host copies your data before its function returns. The result of registration is
 *             constant and lives as long as the process: the library is never unloaded.
 *   Strings   Pointer and length, UTF-8. A string from the host is followed by a zero byte that its length does not
 *             count. Your strings need no zero byte.
 *   Calls     Complete every call exactly once. Completing it twice, or returning TOOL_DONE without completing it, is a
 *             violation: the host records it with the name of your plugin. It is never undefined behavior.
 *   Threads   The host calls execute on its own threads, so it may block. Tools without TOOL_FLAG_CONCURRENT run one
 *             at a time within a plugin. The functions of the host may be called from any thread.
 *   Cancel    A call that is cancelled, or past its deadline, still has to be completed: stop soon, usually with
 *             TOOL_CANCELLED. The host has ended the call by then and discards your output.
 *   Layout    Every struct begins with its own size, in both directions. New fields are only added at the end: read a
 *             field of the host's structs only if struct_size includes it. Unknown flags are ignored.
 *   Process   A plugin may be killed at any time without notice. It must not print to stdout and must not change the
 *             process (signals, environment, locale, working directory).
 */
#ifndef TOOL_PLUGIN_H
#define TOOL_PLUGIN_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The version of the contract. It is part of the name of the entry point and of every type. */
#define TOOL_PLUGIN_ABI 1

/* ---- Results of execute ---------------------------------------------------------------------------------------- */

#define TOOL_DONE 0    /* the call has been completed */
#define TOOL_PENDING 1 /* the call will be completed later, once, from any thread */

/* ---- Statuses of a completed call; the host reads an unknown status as TOOL_ERROR ------------------------------- */

#define TOOL_OK 0                /* the written text is the result */
#define TOOL_ERROR 1             /* the tool failed; the written text tells the model why */
#define TOOL_INVALID_ARGUMENTS 2 /* the written text names the argument and the expected value */
#define TOOL_CANCELLED 3         /* stopped because the host cancelled the call */
#define TOOL_INTERNAL 4          /* the plugin has a defect */

/* ---- Results of the functions of the host ------------------------------------------------------------------------ */

#define TOOL_RESULT_OK 0
#define TOOL_RESULT_MISSING (-1)     /* no such argument, configuration key or host name */
#define TOOL_RESULT_WRONG_TYPE (-2)  /* it exists, but has another type */
#define TOOL_RESULT_RANGE (-3)       /* a number that does not fit in the requested type */
#define TOOL_RESULT_GONE (-4)        /* the call is not running, or is completed */
#define TOOL_RESULT_LIMIT (-5)       /* over a limit of the host; nothing was written */
#define TOOL_RESULT_DENIED (-6)      /* the plugin has no permission */
#define TOOL_RESULT_INVALID (-7)     /* the request is malformed */
#define TOOL_RESULT_UNSUPPORTED (-8) /* this host does not support it */

/* ---- Flags of a tool --------------------------------------------------------------------------------------------- */

#define TOOL_FLAG_CONCURRENT 1u /* may run concurrently with itself and the plugin's other tools */

/* ---- Severity of a log line -------------------------------------------------------------------------------------- */

#define TOOL_LOG_DEBUG 0
#define TOOL_LOG_INFO 1
#define TOOL_LOG_WARNING 2
#define TOOL_LOG_ERROR 3

/* ---- Types ------------------------------------------------------------------------------------------------------- */

/* A string or bytes that are owned elsewhere. `bytes` may be NULL if `length` is 0. */
typedef struct tool_text_v1 {
    const char *bytes;
    uint64_t length; /* in bytes, without any terminating zero */
} tool_text_v1;

/* A tool_text_v1 of a string literal. */
#define TOOL_TEXT(literal) { (literal), sizeof(literal) - 1 }

typedef struct tool_host_v1 tool_host_v1;

/* One call of a tool. It and all that it points to are valid until the plugin completes the call. */
typedef struct tool_call_v1 {
    uint32_t struct_size;
    uint32_t flags;             /* none defined; 0 */
    uint64_t id;                /* unique in this process */
    tool_text_v1 arguments;     /* a JSON object */
    uint64_t deadline_ns;       /* absolute, in nanoseconds of CLOCK_MONOTONIC; 0 for none */
    const uint32_t *cancelled;  /* read atomically (tool_is_cancelled): not 0 if the call should stop */
    const tool_host_v1 *host;   /* the table from registration; it lives as long as the process */
} tool_call_v1;

/*
 * The functions of the host. Each takes the table itself, which identifies the plugin, and the id of a call. The id of
 * a completed call is not found (TOOL_RESULT_GONE), so late use is safe. All functions may be called from any thread.
 * The inline functions below are short forms of them.
 */
struct tool_host_v1 {
    uint32_t struct_size;
    uint32_t flags; /* none defined; 0 */
    void *context;  /* owned by the host */

    /*
     * Appends to the result of the call. `media_type` is the type of the bytes: text/plain; charset=utf-8 (the default
     * if it is empty), application/json for a JSON value, or a type of images such as image/png. Consecutive writes of
     * one type form one part. Text may be shown to the user while the call runs.
     */
    int32_t (*write)(const tool_host_v1 *host, uint64_t call, tool_text_v1 media_type, tool_text_v1 bytes);

    /* Completes the call with a status, exactly once. The pointers of the call are invalid when it returns. */
    int32_t (*complete)(const tool_host_v1 *host, uint64_t call, int32_t status);

    /* Reports progress: a fraction from 0 to 1 (negative: unknown) and a short string. The fraction may decrease. */
    int32_t (*progress)(const tool_host_v1 *host, uint64_t call, double fraction, tool_text_v1 message);

    /* Writes a line to the log of the host. It may be called during registration. */
    int32_t (*log)(const tool_host_v1 *host, int32_t level, tool_text_v1 message);

    /*
     * Resolves a host name for a plugin with a network permission. `addresses` receives numeric addresses, one a line,
     * which are valid until the call is completed.
     */
    int32_t (*resolve)(const tool_host_v1 *host, uint64_t call, tool_text_v1 name, tool_text_v1 *addresses);

    /*
     * Reads a configuration key that the manifest declares. The user sets the value, never the model. It lives as long
     * as the process. TOOL_RESULT_MISSING if the user has not set it, and during registration, when the host does not
     * know yet which configuration applies.
     */
    int32_t (*config)(const tool_host_v1 *host, tool_text_v1 key, tool_text_v1 *value);

    /*
     * Read an argument by JSON pointer (RFC 6901): "/city", "/filters/0/name". Nothing is converted: a number is not a
     * string. get_text reads a string, get_i64 any number without a fraction that fits, and get_json any value as JSON
     * text. The result is TOOL_RESULT_MISSING if an optional argument is missing. The host removes a null that the
     * schema does not allow for an optional argument, so it is missing too.
     */
    int32_t (*get_text)(const tool_host_v1 *host, uint64_t call, tool_text_v1 pointer, tool_text_v1 *value);
    int32_t (*get_i64)(const tool_host_v1 *host, uint64_t call, tool_text_v1 pointer, int64_t *value);
    int32_t (*get_f64)(const tool_host_v1 *host, uint64_t call, tool_text_v1 pointer, double *value);
    int32_t (*get_bool)(const tool_host_v1 *host, uint64_t call, tool_text_v1 pointer, uint8_t *value);
    int32_t (*get_json)(const tool_host_v1 *host, uint64_t call, tool_text_v1 pointer, tool_text_v1 *value);
};

/*
 * A plain C function that the host calls by its signature, instead of an `execute`:
 * "pow(base: f64, exponent: f64) -> f64". The names are the names of the JSON arguments. Types: i8 to i64, u8 to u64,
 * f32, f64, bool, text (const char *, zero-terminated) and, for results, void and owned text, which the host frees. The
 * host rejects integers that do not fit. The signature may end with how the function reports a failure: "fails
 * negative", "fails nonzero", "fails null" or "fails errno"; errno is 0 before the call. If the schema has no
 * "parameters", they are created from the signature.
 */
typedef struct tool_native_v1 {
    uint32_t struct_size;
    uint32_t flags;          /* none defined; 0 */
    void (*function)(void);  /* cast from the type of the function */
    tool_text_v1 signature;
} tool_native_v1;

/* One tool. It is constant and lives as long as the process. */
typedef struct tool_v1 {
    uint32_t struct_size;
    uint32_t flags; /* TOOL_FLAG_... */

    /*
     * The description for the model, a function object of Ollama:
     *     {"name": …, "description": …, "parameters": {JSON schema of an object}}
     * The name matches [A-Za-z_][A-Za-z0-9_]{0,63}. An optional key contains data for toolhost, which is never sent
     * to a model. All of its members are optional:
     *     "toolhost": {"timeout": seconds, "annotations": {"readOnly": bool, "destructive": bool, "idempotent": bool},
     *                  "examples": [{"arguments": {…}, "result": exact text or JSON value} or
     *                               {"arguments": {…}, "error": "TOOL_ERROR"}, or a sequence of such in an array],
     *                  "assertFormats": bool}
     * The status of an example's error is "TOOL_ERROR", "TOOL_INVALID_ARGUMENTS", "TOOL_CANCELLED" or "TOOL_INTERNAL".
     * `parameters` is JSON Schema: 2020-12, or the draft that its $schema names (draft-04, -06, -07, 2019-09). The host
     * validates every call and runs only valid ones. `format` is validated if assertFormats is true.
     */
    tool_text_v1 schema;

    /* Runs one call. Returns TOOL_DONE or TOOL_PENDING. NULL if `native` is set. */
    int32_t (*execute)(void *context, const tool_call_v1 *call);

    void *context; /* passed to execute and cancel unchanged */

    /* Optional: called once, on another thread, if the call should stop; possibly after the call is completed. */
    void (*cancel)(void *context, uint64_t call);

    const tool_native_v1 *native; /* NULL if `execute` is set */
} tool_v1;

/* The result of registration. It is constant and lives as long as the process. */
typedef struct tool_plugin_v1 {
    uint32_t struct_size;
    uint32_t flags; /* none defined; 0 */

    /*
     * {"name": …, "version": …, "config": [key…], "permissions": {"read": [path…], "write": [path…],
     *  "network": [port…], "spawn": [path…], "env": [name…], "memory": bytes}}
     * Only the name is required. A path may be "${KEY}", the user's value of a configuration key. Permissions apply to
     * the plugin and not to a tool, because the host confines a process.
     */
    tool_text_v1 manifest;

    const tool_v1 *const *tools; /* tool_count pointers */
    uint64_t tool_count;
} tool_plugin_v1;

#if defined(__GNUC__) || defined(__clang__)
#define TOOL_PLUGIN_EXPORT __attribute__((visibility("default")))
#define TOOL_PLUGIN_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define TOOL_PLUGIN_EXPORT
#define TOOL_PLUGIN_PRINTF(text, first)
#endif

/*
 * The only symbol of a plugin. A host calls it once, after loading. In a process with several hosts, each host calls it
 * once, and the results may be equal. It must return within 5 seconds and must not start threads. To refuse
 * registration, log the reason and return NULL. `host` lives as long as the process.
 */
#define TOOL_PLUGIN_ENTRY "tool_plugin_register_v1"
typedef const tool_plugin_v1 *(*tool_plugin_register_fn_v1)(const tool_host_v1 *host);
TOOL_PLUGIN_EXPORT const tool_plugin_v1 *tool_plugin_register_v1(const tool_host_v1 *host);

/* ---- Short forms: static functions, which are not part of the contract ------------------------------------------- */

/* A tool_text_v1 of a zero-terminated string. */
static inline tool_text_v1 tool_text(const char *string) {
    tool_text_v1 text = {string, string ? (uint64_t)strlen(string) : 0};
    return text;
}

/*
 * Read one argument by JSON pointer. They return TOOL_RESULT_OK, or the reason of the failure: TOOL_RESULT_MISSING for
 * an optional argument that is missing, or that was a null which the schema does not allow.
 */
static inline int32_t tool_get_text(const tool_call_v1 *call, const char *pointer, tool_text_v1 *value) {
    return call->host->get_text(call->host, call->id, tool_text(pointer), value);
}
static inline int32_t tool_get_i64(const tool_call_v1 *call, const char *pointer, int64_t *value) {
    return call->host->get_i64(call->host, call->id, tool_text(pointer), value);
}
static inline int32_t tool_get_f64(const tool_call_v1 *call, const char *pointer, double *value) {
    return call->host->get_f64(call->host, call->id, tool_text(pointer), value);
}
static inline int32_t tool_get_bool(const tool_call_v1 *call, const char *pointer, uint8_t *value) {
    return call->host->get_bool(call->host, call->id, tool_text(pointer), value);
}
static inline int32_t tool_get_json(const tool_call_v1 *call, const char *pointer, tool_text_v1 *value) {
    return call->host->get_json(call->host, call->id, tool_text(pointer), value);
}

/* Append to the result: text, a JSON value, or bytes of any media type. */
static inline int32_t tool_write_text(const tool_call_v1 *call, tool_text_v1 text) {
    return call->host->write(call->host, call->id, tool_text("text/plain; charset=utf-8"), text);
}
static inline int32_t tool_write_json(const tool_call_v1 *call, tool_text_v1 json) {
    return call->host->write(call->host, call->id, tool_text("application/json"), json);
}
static inline int32_t tool_write_data(const tool_call_v1 *call, const char *media_type, const void *bytes,
                                      uint64_t length) {
    tool_text_v1 data = {(const char *)bytes, length};
    return call->host->write(call->host, call->id, tool_text(media_type), data);
}

/* Append formatted text, as printf does, of any length. */
static inline int32_t tool_print(const tool_call_v1 *call, const char *format, ...) TOOL_PLUGIN_PRINTF(2, 3);
static inline int32_t tool_print(const tool_call_v1 *call, const char *format, ...) {
    va_list list, again;
    va_start(list, format);
    va_copy(again, list);
    int length = vsnprintf(NULL, 0, format, list);
    va_end(list);
    char *bytes = length < 0 ? NULL : (char *)malloc((size_t)length + 1);
    int32_t result = TOOL_RESULT_INVALID;
    if (bytes) {
        vsnprintf(bytes, (size_t)length + 1, format, again);
        tool_text_v1 text = {bytes, (uint64_t)length};
        result = tool_write_text(call, text);
        free(bytes);
    }
    va_end(again);
    return result;
}

/* Complete the call. `return tool_finish(call, TOOL_OK);` is the usual last line of an execute. */
static inline int32_t tool_finish(const tool_call_v1 *call, int32_t status) {
    call->host->complete(call->host, call->id, status);
    return TOOL_DONE;
}

/* Complete the call with one string as the result. */
static inline int32_t tool_reply(const tool_call_v1 *call, tool_text_v1 text) {
    tool_write_text(call, text);
    return tool_finish(call, TOOL_OK);
}

/* Complete the call with an error message for the model. */
static inline int32_t tool_fail(const tool_call_v1 *call, int32_t status, const char *message) {
    tool_write_text(call, tool_text(message));
    return tool_finish(call, status);
}

/* Returns not 0 if the call should stop. */
static inline int tool_is_cancelled(const tool_call_v1 *call) {
#if defined(__GNUC__) || defined(__clang__)
    return __atomic_load_n(call->cancelled, __ATOMIC_ACQUIRE) != 0;
#else
    return *(const volatile uint32_t *)call->cancelled != 0;
#endif
}

/* Report progress. */
static inline int32_t tool_progress(const tool_call_v1 *call, double fraction, const char *message) {
    return call->host->progress(call->host, call->id, fraction, tool_text(message));
}

/*
 * Defines a concurrent tool from a plain function: TOOL_NATIVE(add, "(a: i64, b: i64) -> i64", "Add two numbers")
 * defines add_tool. C only.
 */
#ifndef __cplusplus
#define TOOL_NATIVE(name, type, description)                                                                    \
    static const tool_native_v1 name##_native = {                                                               \
        .struct_size = sizeof(tool_native_v1),                                                                  \
        .function = (void (*)(void))name,                                                                       \
        .signature = TOOL_TEXT(#name type),                                                                     \
    };                                                                                                          \
    static const tool_v1 name##_tool = {                                                                        \
        .struct_size = sizeof(tool_v1),                                                                         \
        .flags = TOOL_FLAG_CONCURRENT,                                                                          \
        .schema = TOOL_TEXT("{\"name\":\"" #name "\",\"description\":\"" description "\"}"),                    \
        .native = &name##_native,                                                                               \
    };
#endif

/* Defines the entry point of a plugin: its manifest, then a pointer to each tool. C only. */
#ifndef __cplusplus
#define TOOL_PLUGIN(manifest_json, ...)                                                                         \
    TOOL_PLUGIN_EXPORT const tool_plugin_v1 *tool_plugin_register_v1(const tool_host_v1 *host) {                \
        static const tool_v1 *const tools[] = {__VA_ARGS__};                                                    \
        static const tool_plugin_v1 plugin = {                                                                  \
            .struct_size = sizeof(tool_plugin_v1),                                                              \
            .manifest = TOOL_TEXT(manifest_json),                                                               \
            .tools = tools,                                                                                     \
            .tool_count = sizeof(tools) / sizeof(tools[0]),                                                     \
        };                                                                                                      \
        (void)host;                                                                                             \
        return &plugin;                                                                                         \
    }
#endif

#ifdef __cplusplus
}
#endif

#endif
