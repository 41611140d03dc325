#include "tokenizer.h"

#include <stdbool.h>
#include <stdlib.h>

// The types of SQLite's fts5.h, which is not needed to build this file. They never change.
typedef struct Fts5Tokenizer Fts5Tokenizer;
typedef int token_callback(void *context, int flags, const char *token, int count, int start, int end);

typedef struct fts5_tokenizer {
    int (*create)(void *data, const char **arguments, int count, Fts5Tokenizer **tokenizer);
    void (*delete)(Fts5Tokenizer *tokenizer);
    int (*tokenize)(Fts5Tokenizer *tokenizer, void *context, int flags, const char *text, int count,
                    token_callback *callback);
} fts5_tokenizer;

struct fts5_api {
    int version;
    int (*create_tokenizer)(fts5_api *api, const char *name, void *data, fts5_tokenizer *tokenizer,
                            void (*destroy)(void *data));
    int (*find_tokenizer)(fts5_api *api, const char *name, void **data, fts5_tokenizer *tokenizer);
};

enum { OK = 0, OUT_OF_MEMORY = 7 };

// The tokenizer unicode61 of a connection.
typedef struct {
    fts5_tokenizer functions;
    void *data;
} unicode;

// A tokenizer with the arguments of a table.
struct Fts5Tokenizer {
    fts5_tokenizer functions;
    Fts5Tokenizer *words;
};

// A part of a text, whose tokens are reported with their positions in the text.
typedef struct {
    void *context;
    token_callback *callback;
    int start;
    // The last result of the callback, which unicode61 does not always return.
    int result;
} part;

static int create(void *data, const char **arguments, int count, Fts5Tokenizer **tokenizer) {
    const unicode *base = data;
    *tokenizer = malloc(sizeof **tokenizer);
    if (*tokenizer == NULL) return OUT_OF_MEMORY;
    (*tokenizer)->functions = base->functions;
    int result = base->functions.create(base->data, arguments, count, &(*tokenizer)->words);
    if (result != OK) {
        free(*tokenizer);
        *tokenizer = NULL;
    }
    return result;
}

static void delete(Fts5Tokenizer *tokenizer) {
    if (tokenizer == NULL) return;
    tokenizer->functions.delete(tokenizer->words);
    free(tokenizer);
}

// Reads a character; a byte that is not UTF-8 is one.
static int read_character(const unsigned char *text, int count, unsigned *value) {
    int length = *text < 0xC2 ? 1 : *text < 0xE0 ? 2 : *text < 0xF0 ? 3 : *text < 0xF5 ? 4 : 1;
    *value = *text;
    if (length == 1 || length > count) return 1;
    unsigned decoded = *text & 0x7F >> length;
    for (int i = 1; i < length; i++) {
        if ((text[i] & 0xC0) != 0x80) return 1;
        decoded = decoded << 6 | (text[i] & 0x3F);
    }
    *value = decoded;
    return length;
}

// True for the scripts of Thailand, Laos, Myanmar, Cambodia, China, Japan and Korea. Korean has spaces, but the ends of its
// words change.
static bool is_token(unsigned value) {
    static const unsigned ranges[][2] = {
        {0x0E00, 0x0EFF}, {0x1000, 0x109F}, {0x1100, 0x11FF}, {0x1780, 0x17FF}, {0x2E80, 0xA4CF}, {0xA960, 0xA97F},
        {0xAC00, 0xD7FF}, {0xF900, 0xFAFF}, {0xFF66, 0xFFDC}, {0x1AFF0, 0x1B16F}, {0x20000, 0x3FFFF},
    };
    for (unsigned i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        if (value <= ranges[i][1]) return value >= ranges[i][0];
    }
    return false;
}

static int report(void *context, int flags, const char *token, int count, int start, int end) {
    part *part = context;
    part->result = part->callback(part->context, flags, token, count, part->start + start, part->start + end);
    return part->result;
}

static int tokenize(Fts5Tokenizer *tokenizer, void *context, int flags, const char *text, int count,
                    token_callback *callback) {
    const unsigned char *bytes = (const unsigned char *)text;
    part part = {context, callback, 0, OK};
    int result = OK, end = 0;
    while (result == OK && part.result == OK && part.start < count) {
        // A part is a character that is a token, or the text before it. unicode61 ignores punctuation in both.
        unsigned value;
        int length = 0;
        while (end < count) {
            length = read_character(bytes + end, count - end, &value);
            if (is_token(value)) break;
            end += length;
        }
        if (end == part.start) end += length;
        result = tokenizer->functions.tokenize(tokenizer->words, &part, flags, text + part.start, end - part.start, report);
        part.start = end;
    }
    return result;
}

void add_characters_tokenizer(fts5_api *fts5) {
    static const fts5_tokenizer functions = {create, delete, tokenize};
    fts5_tokenizer copy = functions;
    unicode *base = malloc(sizeof *base);
    if (base == NULL) return;
    if (fts5->find_tokenizer(fts5, "unicode61", &base->data, &base->functions) != OK) return free(base);
    // On failure, SQLite calls neither the tokenizer nor free.
    if (fts5->create_tokenizer(fts5, "characters", base, &copy, free) != OK) free(base);
}
