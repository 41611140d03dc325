/*
 * tool_plugin.h - the contract between a toolhost plugin and its host, ABI version 1.
 *
 * A plugin is one shared library that exports one function, tool_plugin_register_v1. It returns a description of the
 * plugin and its tools: for each tool a JSON schema, which a language model reads, and a function, which the host
 * calls. This header is all a plugin needs: it depends on the C library alone, and works in C, C++ and every language
 * that can speak C.
 *
 * A whole plugin:
 *
 *     #include "tool_plugin.h"
 *
 *     static int32_t greet(void *context, const tool_call_v1 *call) {
 *         tool_text_v1 name;
 *         if (tool_get_text(call, "/name", &name) != TOOL_RESULT_OK)
 *             return tool_fail(call, TOOL_INVALID_ARGUMENTS, "name: expected a text");
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
 *   Memory    No ownership ever crosses, so there is no free function. What the host gives you is yours to read until
 *             you complete the call; what you give the host is copied before the function returns. What registration
 *             returns is constant and lives as long as the process: the library is never unloaded.
 *   Text      Pointer and length, UTF-8. Text from the host is followed by a zero byte that its length does not count;
 *             text from you need not be.
 *   Calls     Every call is completed exactly once, whatever happens. Completing it twice, or returning TOOL_DONE
 *             without having completed it, is a violation: it is recorded under your plugin's name, never undefined.
 *   Threads   The host calls execute on its own threads, so blocking there is fine. Tools without TOOL_FLAG_CONCURRENT
 *             run one at a time within a plugin. The host's functions may be called from any thread.
 *   Cancel    A deadline or a cancelled call does not end it for you: stop soon, and complete it all the same, usually
 *             with TOOL_CANCELLED. The host has answered by then and drops what you write.
 *   Layout    Every struct begins with its own size, both ways. New fields come at the end, and only there: read a
 *             field of the host's only if struct_size says that it exists. Unknown flags are ignored.
 *   Process   A plugin may be killed at any time and must not depend on a farewell. It does not print to stdout,
 *             and does not change the process (signals, environment, locale, working directory).
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

/* ---- What execute returns ------------------------------------------------------------------------------------- */

#define TOOL_DONE 0    /* the call has been completed */
#define TOOL_PENDING 1 /* it will be completed once, later, from any thread */

/* ---- How a call ended: the status given to complete; an unknown one reads as TOOL_ERROR ------------------------- */

#define TOOL_OK 0                /* what was written is the result */
#define TOOL_ERROR 1             /* the tool says no; what was written tells the model why */
#define TOOL_INVALID_ARGUMENTS 2 /* what was written names the argument, and what was expected */
#define TOOL_CANCELLED 3         /* stopped because the host asked */
#define TOOL_INTERNAL 4          /* a fault of the plugin's own */

/* ---- What the host's functions return --------------------------------------------------------------------------- */

#define TOOL_RESULT_OK 0
#define TOOL_RESULT_MISSING (-1)     /* no such argument, configuration key or host name */
#define TOOL_RESULT_WRONG_TYPE (-2)  /* it is there, and of another type */
#define TOOL_RESULT_RANGE (-3)       /* a number that does not fit the type asked for */
#define TOOL_RESULT_GONE (-4)        /* this call does not run, or no longer */
#define TOOL_RESULT_LIMIT (-5)       /* over the host's limit; nothing of it was taken */
#define TOOL_RESULT_DENIED (-6)      /* the plugin has no permission for it */
#define TOOL_RESULT_INVALID (-7)     /* the request itself is malformed */
#define TOOL_RESULT_UNSUPPORTED (-8) /* this host does not have it */

/* ---- Flags of a tool --------------------------------------------------------------------------------------------- */

#define TOOL_FLAG_CONCURRENT 1u /* may run beside itself and the plugin's other tools */

/* ---- Severity of a log line -------------------------------------------------------------------------------------- */

#define TOOL_LOG_DEBUG 0
#define TOOL_LOG_INFO 1
#define TOOL_LOG_WARNING 2
#define TOOL_LOG_ERROR 3

/* ---- Types ------------------------------------------------------------------------------------------------------- */

/* A piece of text or bytes that somebody else owns. `bytes` may be NULL where `length` is 0. */
typedef struct tool_text_v1 {
    const char *bytes;
    uint64_t length; /* in bytes, without any terminating zero */
} tool_text_v1;

/* A tool_text_v1 of a string literal. */
#define TOOL_TEXT(literal) { (literal), sizeof(literal) - 1 }

typedef struct tool_host_v1 tool_host_v1;

/* One call of a tool. Valid, with all it points to, until the plugin completes the call. */
typedef struct tool_call_v1 {
    uint32_t struct_size;
    uint32_t flags;             /* none defined; 0 */
    uint64_t id;                /* never used again in this process */
    tool_text_v1 arguments;     /* a JSON object */
    uint64_t deadline_ns;       /* absolute, in nanoseconds of CLOCK_MONOTONIC; 0 for none */
    const uint32_t *cancelled;  /* read atomically (tool_is_cancelled): not 0 once you should stop */
    const tool_host_v1 *host;   /* the table given to registration; it lives as long as the process */
} tool_call_v1;

/*
 * The functions that the host offers. Each takes the table itself, which tells the host whose plugin is speaking, and
 * the id of the call it is about. A call that is over is looked up and not found (TOOL_RESULT_GONE), so being late is
 * harmless. All may be called from any thread. The inline functions further down make them short to use.
 */
struct tool_host_v1 {
    uint32_t struct_size;
    uint32_t flags; /* none defined; 0 */
    void *context;  /* the host's own */

    /*
     * Appends to the call's result. `media_type` says what the bytes are: text/plain; charset=utf-8 (also when it is
     * empty), application/json for a JSON value, image/png and so on for images. Consecutive writes of one type make
     * one part; another type begins the next. Text may be shown to the user while the call still runs.
     */
    int32_t (*write)(const tool_host_v1 *host, uint64_t call, tool_text_v1 media_type, tool_text_v1 bytes);

    /* Ends the call with a status. Exactly once; the call's pointers are dead when it returns. */
    int32_t (*complete)(const tool_host_v1 *host, uint64_t call, int32_t status);

    /* Says how far the call is: a fraction from 0 to 1 (or below 0: unknown) and a short text. It may go back. */
    int32_t (*progress)(const tool_host_v1 *host, uint64_t call, double fraction, tool_text_v1 message);

    /* Writes a line to the host's log. Allowed during registration too. */
    int32_t (*log)(const tool_host_v1 *host, int32_t level, tool_text_v1 message);

    /*
     * Resolves a host name for a plugin with a network permission. `addresses` receives numeric addresses, one a line,
     * valid until the call is completed.
     */
    int32_t (*resolve)(const tool_host_v1 *host, uint64_t call, tool_text_v1 name, tool_text_v1 *addresses);

    /*
     * Reads one of the configuration keys that the manifest declares: the user's value, never the model's. It lives as
     * long as the process. TOOL_RESULT_MISSING while the user has not set it, and during registration, when the host
     * does not know yet whose configuration it would be.
     */
    int32_t (*config)(const tool_host_v1 *host, tool_text_v1 key, tool_text_v1 *value);

    /*
     * Read the arguments by JSON pointer (RFC 6901): "/city", "/filters/0/name". Nothing is converted: a number is not
     * a text. get_i64 takes every number without a fraction that fits. get_json gives any value as JSON text.
     */
    int32_t (*get_text)(const tool_host_v1 *host, uint64_t call, tool_text_v1 pointer, tool_text_v1 *value);
    int32_t (*get_i64)(const tool_host_v1 *host, uint64_t call, tool_text_v1 pointer, int64_t *value);
    int32_t (*get_f64)(const tool_host_v1 *host, uint64_t call, tool_text_v1 pointer, double *value);
    int32_t (*get_bool)(const tool_host_v1 *host, uint64_t call, tool_text_v1 pointer, uint8_t *value);
    int32_t (*get_json)(const tool_host_v1 *host, uint64_t call, tool_text_v1 pointer, tool_text_v1 *value);
};

/*
 * A plain C function that the host calls by its signature, instead of an `execute`: "pow(base: f64, exponent: f64) -> f64".
 * The names are those of the JSON arguments. Types: i8 to i64, u8 to u64, f32, f64, bool, text (const char *, ended by a
 * zero) and, as a result, void and owned text, which the host frees. Integers that do not fit are refused before the
 * call. A result may be followed by how the function says that it failed: "fails negative", "fails nonzero", "fails
 * null" or "fails errno", which is 0 before the call. Where the schema has no "parameters", they come from here.
 */
typedef struct tool_native_v1 {
    uint32_t struct_size;
    uint32_t flags;          /* none defined; 0 */
    void (*function)(void);  /* cast from the function's own type */
    tool_text_v1 signature;
} tool_native_v1;

/* One tool. Constant, and alive as long as the process. */
typedef struct tool_v1 {
    uint32_t struct_size;
    uint32_t flags; /* TOOL_FLAG_... */

    /*
     * The tool as a model sees it, Ollama's function object:
     *     {"name": …, "description": …, "parameters": {JSON schema of an object}}
     * The name matches [A-Za-z_][A-Za-z0-9_]{0,63}. What is toolhost's own stands under one more key and is never sent
     * to a model; all of it is optional:
     *     "toolhost": {"timeout": seconds, "annotations": {"readOnly": bool, "destructive": bool, "idempotent": bool},
     *                  "examples": [{"arguments": {…}, "result": exact text or JSON value} or
     *                               {"arguments": {…}, "error": "TOOL_ERROR"}, or a sequence of such in an array],
     *                  "assertFormats": bool}
     * `parameters` is JSON Schema: 2020-12, or the draft that its $schema names (draft-04, -06, -07, 2019-09). The host
     * holds every call to it, and runs none that does not fit; `format` counts where assertFormats is true.
     */
    tool_text_v1 schema;

    /* Runs one call. Returns TOOL_DONE or TOOL_PENDING. NULL where `native` is given. */
    int32_t (*execute)(void *context, const tool_call_v1 *call);

    void *context; /* handed to execute and cancel as it is */

    /* Optional: told once, on another thread, that this call should stop. It may come after the call has completed. */
    void (*cancel)(void *context, uint64_t call);

    const tool_native_v1 *native; /* NULL where `execute` is given */
} tool_v1;

/* What registration returns. Constant, and alive as long as the process. */
typedef struct tool_plugin_v1 {
    uint32_t struct_size;
    uint32_t flags; /* none defined; 0 */

    /*
     * {"name": …, "version": …, "permissions": {"read": [path…], "write": [path…], "network": [port…], "spawn": [path…],
     *  "env": [name…], "memory": bytes}, "config": [key…]}
     * All but the name is optional. A path may be "${KEY}": the user's value of a configuration key. Permissions are
     * the plugin's, not a tool's, because the process is what they confine.
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
 * The one symbol of a plugin. A host calls it once, right after loading; a process with several hosts calls it once for
 * each, and may be given the same answer. It returns quickly (the limit is 5 seconds), starts no threads, and returns
 * NULL to refuse, having logged the reason. `host` lives as long as the process.
 */
#define TOOL_PLUGIN_ENTRY "tool_plugin_register_v1"
typedef const tool_plugin_v1 *(*tool_plugin_register_fn_v1)(const tool_host_v1 *host);
TOOL_PLUGIN_EXPORT const tool_plugin_v1 *tool_plugin_register_v1(const tool_host_v1 *host);

/* ---- Short forms, all of them static: they add nothing to the contract ------------------------------------------- */

/* A tool_text_v1 of a zero-terminated string. */
static inline tool_text_v1 tool_text(const char *string) {
    tool_text_v1 text = {string, string ? (uint64_t)strlen(string) : 0};
    return text;
}

/* Read one argument by JSON pointer. They return TOOL_RESULT_OK or say why not. */
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

/* End the call; `return tool_finish(call, TOOL_OK);` is the usual last line of an execute. */
static inline int32_t tool_finish(const tool_call_v1 *call, int32_t status) {
    call->host->complete(call->host, call->id, status);
    return TOOL_DONE;
}

/* Answer with one text, and end the call. */
static inline int32_t tool_reply(const tool_call_v1 *call, tool_text_v1 text) {
    tool_write_text(call, text);
    return tool_finish(call, TOOL_OK);
}

/* End the call with an error that the model can read. */
static inline int32_t tool_fail(const tool_call_v1 *call, int32_t status, const char *message) {
    tool_write_text(call, tool_text(message));
    return tool_finish(call, status);
}

/* Whether the call should stop. */
static inline int tool_is_cancelled(const tool_call_v1 *call) {
#if defined(__GNUC__) || defined(__clang__)
    return __atomic_load_n(call->cancelled, __ATOMIC_ACQUIRE) != 0;
#else
    return *(const volatile uint32_t *)call->cancelled != 0;
#endif
}

/* Say how far the call is. */
static inline int32_t tool_progress(const tool_call_v1 *call, double fraction, const char *message) {
    return call->host->progress(call->host, call->id, fraction, tool_text(message));
}

/*
 * A tool that is a plain function, which may run beside itself: TOOL_NATIVE(add, "(a: i64, b: i64) -> i64", "Add two
 * numbers") makes the tool add_tool. C only.
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

/* The entry point of a plugin without state of its own: its manifest, then a pointer to each tool. C only. */
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
