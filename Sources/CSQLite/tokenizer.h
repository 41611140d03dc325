/* The tokenizer of the index of words. */
#ifndef TOOLHOST_TOKENIZER_H
#define TOOLHOST_TOKENIZER_H

typedef struct fts5_api fts5_api;

/* Adds the tokenizer that libsqlite_connect() describes to a connection. Without memory, nothing is added. */
void add_characters_tokenizer(fts5_api *fts5);

#endif
