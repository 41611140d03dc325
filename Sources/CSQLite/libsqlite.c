#include "libsqlite.h"
#include "tokenizer.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <time.h>

// The first version with SQLITE_OPEN_NOFOLLOW and SQLITE_DBCONFIG_TRUSTED_SCHEMA.
enum { OLDEST_VERSION = 3031000 };

// Constants of sqlite3.h.
enum {
    OPEN_READWRITE = 0x00000002,
    OPEN_NOMUTEX = 0x00008000,
    OPEN_PRIVATECACHE = 0x00040000,
    OPEN_NOFOLLOW = 0x01000000,
    LIMIT_LENGTH = 0,
    LIMIT_SQL_LENGTH = 1,
    LIMIT_ATTACHED = 7,
    LIMIT_LIKE_PATTERN_LENGTH = 8,
    DBCONFIG_ENABLE_TRIGGER = 1003,
    DBCONFIG_ENABLE_LOAD_EXTENSION = 1005,
    DBCONFIG_DEFENSIVE = 1010,
    DBCONFIG_ENABLE_VIEW = 1015,
    DBCONFIG_TRUSTED_SCHEMA = 1017,
};

// Each function with its type.
#define FUNCTIONS(EACH) \
    EACH(libversion_number, int, (void)) \
    EACH(threadsafe, int, (void)) \
    EACH(open_v2, int, (const char *, sqlite3 **, int, const char *)) \
    EACH(close_v2, int, (sqlite3 *)) \
    EACH(extended_result_codes, int, (sqlite3 *, int)) \
    EACH(busy_timeout, int, (sqlite3 *, int)) \
    EACH(limit, int, (sqlite3 *, int, int)) \
    EACH(db_config, int, (sqlite3 *, int, ...)) \
    EACH(progress_handler, void, (sqlite3 *, int, int (*)(void *), void *)) \
    EACH(exec, int, (sqlite3 *, const char *, int (*)(void *, int, char **, char **), void *, char **)) \
    EACH(prepare_v2, int, (sqlite3 *, const char *, int, sqlite3_stmt **, const char **)) \
    EACH(finalize, int, (sqlite3_stmt *)) \
    EACH(bind_int64, int, (sqlite3_stmt *, int, long long)) \
    EACH(bind_text, int, (sqlite3_stmt *, int, const char *, int, void (*)(void *))) \
    EACH(bind_pointer, int, (sqlite3_stmt *, int, void *, const char *, void (*)(void *))) \
    EACH(step, int, (sqlite3_stmt *)) \
    EACH(reset, int, (sqlite3_stmt *)) \
    EACH(clear_bindings, int, (sqlite3_stmt *)) \
    EACH(column_type, int, (sqlite3_stmt *, int)) \
    EACH(column_int64, long long, (sqlite3_stmt *, int)) \
    EACH(column_text, const unsigned char *, (sqlite3_stmt *, int)) \
    EACH(column_bytes, int, (sqlite3_stmt *, int)) \
    EACH(last_insert_rowid, long long, (sqlite3 *)) \
    EACH(changes, int, (sqlite3 *)) \
    EACH(total_changes, int, (sqlite3 *)) \
    EACH(get_autocommit, int, (sqlite3 *)) \
    EACH(system_errno, int, (sqlite3 *)) \
    EACH(errmsg, const char *, (sqlite3 *))

static struct {
#define MEMBER(name, result, parameters) result (*name) parameters;
    FUNCTIONS(MEMBER)
#undef MEMBER
} library;

static libsqlite_state state;
static char error[256];

static void open_library(void) {
    void *handle = dlopen("libsqlite3.so.0", RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL) {
        const char *reason = dlerror();
        snprintf(error, sizeof error, "%s", reason ? reason : "libsqlite3.so.0 cannot be opened");
        state = LIBSQLITE_MISSING;
        return;
    }
    state = LIBSQLITE_UNUSABLE;
#define LOAD(name, result, parameters) \
    *(void **)&library.name = dlsym(handle, "sqlite3_" #name); \
    if (library.name == NULL) { \
        snprintf(error, sizeof error, "libsqlite3.so.0 has no sqlite3_" #name); \
        return; \
    }
    FUNCTIONS(LOAD)
#undef LOAD
    int version = library.libversion_number();
    if (version < OLDEST_VERSION) {
        snprintf(error, sizeof error, "SQLite %d.%d is older than 3.31", version / 1000000, version / 1000 % 1000);
    } else if (!library.threadsafe()) {
        snprintf(error, sizeof error, "libsqlite3.so.0 is built without support for threads");
    } else {
        state = LIBSQLITE_READY;
    }
}

libsqlite_state libsqlite_open(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, open_library);
    return state;
}

const char *libsqlite_open_error(void) { return error; }

static void add_tokenizer(sqlite3 *connection) {
    fts5_api *fts5 = NULL;
    sqlite3_stmt *statement = NULL;
    // The documented way to the functions of FTS5; it fails without FTS5.
    if (library.prepare_v2(connection, "SELECT fts5(?1)", -1, &statement, NULL) == LIBSQLITE_OK) {
        library.bind_pointer(statement, 1, &fts5, "fts5_api_ptr", NULL);
        library.step(statement);
    }
    library.finalize(statement);
    if (fts5 != NULL) add_characters_tokenizer(fts5);
}

// The time at which the thread called the function of this library that it runs.
static _Thread_local struct timespec start;

static void begin(void) { clock_gettime(CLOCK_MONOTONIC_COARSE, &start); }

// Returns 1 if the function takes longer than a number of seconds.
static int is_too_long(void *seconds) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC_COARSE, &now);
    return now.tv_sec - start.tv_sec > (intptr_t)seconds;
}

int libsqlite_connect(const char *path, int longest_value, int busy_milliseconds, int longest_seconds,
                      sqlite3 **connection) {
    int flags = OPEN_READWRITE | OPEN_NOMUTEX | OPEN_PRIVATECACHE | OPEN_NOFOLLOW;
    int result = library.open_v2(path, connection, flags, NULL);
    if (result != LIBSQLITE_OK) return result;
    sqlite3 *opened = *connection;
    library.extended_result_codes(opened, 1);
    library.busy_timeout(opened, busy_milliseconds);
    begin();
    library.progress_handler(opened, 1000, is_too_long, (void *)(intptr_t)longest_seconds);
    library.limit(opened, LIMIT_LENGTH, longest_value);
    library.limit(opened, LIMIT_SQL_LENGTH, 10000);
    library.limit(opened, LIMIT_ATTACHED, 0);
    library.limit(opened, LIMIT_LIKE_PATTERN_LENGTH, 10000);
    const struct { int option, value; } options[] = {
        {DBCONFIG_DEFENSIVE, 1}, {DBCONFIG_TRUSTED_SCHEMA, 0}, {DBCONFIG_ENABLE_TRIGGER, 0}, {DBCONFIG_ENABLE_VIEW, 0},
        {DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
    };
    for (unsigned i = 0; i < sizeof options / sizeof *options; i++) {
        library.db_config(opened, options[i].option, options[i].value, (int *)NULL);
    }
    add_tokenizer(opened);
    return LIBSQLITE_OK;
}

void libsqlite_close(sqlite3 *connection) { library.close_v2(connection); }

int libsqlite_exec(sqlite3 *connection, const char *sql) {
    begin();
    return library.exec(connection, sql, NULL, NULL, NULL);
}

int libsqlite_prepare(sqlite3 *connection, const char *sql, sqlite3_stmt **statement) {
    // The first statement reads the schema.
    begin();
    return library.prepare_v2(connection, sql, -1, statement, NULL);
}

void libsqlite_finalize(sqlite3_stmt *statement) { library.finalize(statement); }

int libsqlite_bind_int64(sqlite3_stmt *statement, int index, int64_t value) {
    return library.bind_int64(statement, index, value);
}

int libsqlite_bind_text(sqlite3_stmt *statement, int index, const char *text, int count) {
    // SQLITE_TRANSIENT
    return library.bind_text(statement, index, text, count, (void (*)(void *))-1);
}

int libsqlite_step(sqlite3_stmt *statement) {
    begin();
    return library.step(statement);
}

void libsqlite_reset(sqlite3_stmt *statement) {
    library.reset(statement);
    library.clear_bindings(statement);
}

int libsqlite_column_type(sqlite3_stmt *statement, int column) { return library.column_type(statement, column); }

int64_t libsqlite_column_int64(sqlite3_stmt *statement, int column) { return library.column_int64(statement, column); }

const unsigned char *libsqlite_column_text(sqlite3_stmt *statement, int column, int *count) {
    const unsigned char *text = library.column_text(statement, column);
    // Only after the text: a conversion of it would change the number of bytes.
    *count = library.column_bytes(statement, column);
    return text;
}

int64_t libsqlite_last_insert_rowid(sqlite3 *connection) { return library.last_insert_rowid(connection); }
int libsqlite_changes(sqlite3 *connection) { return library.changes(connection); }
int libsqlite_total_changes(sqlite3 *connection) { return library.total_changes(connection); }
bool libsqlite_get_autocommit(sqlite3 *connection) { return library.get_autocommit(connection) != 0; }
int libsqlite_system_errno(sqlite3 *connection) { return library.system_errno(connection); }
const char *libsqlite_errmsg(sqlite3 *connection) { return library.errmsg(connection); }
