/*
 * The system's SQLite, opened at first use instead of linked.
 *
 * Linking it would make every start of every program slower, and most starts store no conversation. Each function below
 * without a comment calls the function of SQLite with the same suffix. Except for libsqlite_open() and
 * libsqlite_open_error(), no function may be called before libsqlite_open() has returned LIBSQLITE_READY. The constants
 * are those of sqlite3.h, whose values never change, so no header of SQLite is needed.
 */
#ifndef TOOLHOST_LIBSQLITE_H
#define TOOLHOST_LIBSQLITE_H

#include <stdbool.h>
#include <stdint.h>

typedef enum libsqlite_state {
    LIBSQLITE_READY,
    /* There is no libsqlite3.so.0, or the dynamic linker refuses it. */
    LIBSQLITE_MISSING,
    /* It is older than 3.31, lacks a function, or is built without support for threads. */
    LIBSQLITE_UNUSABLE,
} libsqlite_state;

/* The result codes that callers distinguish: the low byte of a result. */
enum {
    LIBSQLITE_OK = 0,
    LIBSQLITE_ERROR = 1,
    LIBSQLITE_PERM = 3,
    LIBSQLITE_BUSY = 5,
    LIBSQLITE_LOCKED = 6,
    LIBSQLITE_READONLY = 8,
    LIBSQLITE_INTERRUPT = 9,
    LIBSQLITE_IOERR = 10,
    LIBSQLITE_CORRUPT = 11,
    LIBSQLITE_FULL = 13,
    LIBSQLITE_CANTOPEN = 14,
    LIBSQLITE_TOOBIG = 18,
    LIBSQLITE_CONSTRAINT = 19,
    LIBSQLITE_NOTADB = 26,
    LIBSQLITE_ROW = 100,
    LIBSQLITE_DONE = 101,
};

/* The types of values. */
enum { LIBSQLITE_INTEGER = 1, LIBSQLITE_TEXT = 3, LIBSQLITE_NULL = 5 };

typedef struct sqlite3 sqlite3;
typedef struct sqlite3_stmt sqlite3_stmt;

/* Opens the library, once in a process. Any thread may call it, any number of times. */
libsqlite_state libsqlite_open(void);

/*
 * The reason for another state than LIBSQLITE_READY: the linker's message, the missing function or the version. It lives
 * as long as the process.
 */
const char *_Nonnull libsqlite_open_error(void);

/*
 * Opens an existing database that may be hostile: its path has no symbolic links, and no trigger, view or extension of it
 * can run. Only one thread at a time may use the connection. A statement waits for other processes at most so many
 * milliseconds. A function that reads for longer than a number of seconds ends with LIBSQLITE_INTERRUPT: the pages of a
 * damaged table can refer to each other, which makes it endless. After a failure there may be a connection as well, which
 * has the message; the caller closes it.
 *
 * FTS5 gets the tokenizer "characters": unicode61, but each character of a script that has no spaces between its words is a
 * token. So a word in such a script is found as the sequence of its characters, also in the middle of a text.
 */
int libsqlite_connect(const char *_Nonnull path, int longest_value, int busy_milliseconds, int longest_seconds,
                      sqlite3 *_Nullable *_Nonnull connection);
void libsqlite_close(sqlite3 *_Nullable connection);

int libsqlite_exec(sqlite3 *_Nonnull connection, const char *_Nonnull sql);
int libsqlite_prepare(sqlite3 *_Nonnull connection, const char *_Nonnull sql,
                      sqlite3_stmt *_Nullable *_Nonnull statement);
void libsqlite_finalize(sqlite3_stmt *_Nullable statement);
int libsqlite_bind_int64(sqlite3_stmt *_Nonnull statement, int index, int64_t value);
/* The text is copied. */
int libsqlite_bind_text(sqlite3_stmt *_Nonnull statement, int index, const char *_Nonnull text, int count);
int libsqlite_step(sqlite3_stmt *_Nonnull statement);
/* Resets the statement and sets its parameters to NULL. */
void libsqlite_reset(sqlite3_stmt *_Nonnull statement);
int libsqlite_column_type(sqlite3_stmt *_Nonnull statement, int column);
int64_t libsqlite_column_int64(sqlite3_stmt *_Nonnull statement, int column);
/* The bytes of a text, valid until the next step or reset; NULL if there is no memory. */
const unsigned char *_Nullable libsqlite_column_text(sqlite3_stmt *_Nonnull statement, int column,
                                                     int *_Nonnull count);

int64_t libsqlite_last_insert_rowid(sqlite3 *_Nonnull connection);
int libsqlite_changes(sqlite3 *_Nonnull connection);
int libsqlite_total_changes(sqlite3 *_Nonnull connection);
/* True outside of a transaction. */
bool libsqlite_get_autocommit(sqlite3 *_Nonnull connection);
/* The error of the last system call that failed, or 0. */
int libsqlite_system_errno(sqlite3 *_Nonnull connection);
/* The message of the last error, valid until the next call. */
const char *_Nonnull libsqlite_errmsg(sqlite3 *_Nonnull connection);

#endif
