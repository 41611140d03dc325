#include <stdlib.h>
#include <string.h>
#include "pointers.h"
int counter;
HANDLE thing_open(const char *name) { return malloc(strlen(name)); }
int thing_use(HANDLE thing) { return thing != NULL; }
int thing_close(HANDLE thing) { free(thing); return 0; }
session *session_new(void) { return malloc(1); }
int session_make(session **made) { *made = malloc(1); return 0; }
void session_free(session *s) { free(s); }
int pass(void *context) { return context != NULL; }
int pass_generic(voidpf opaque) { return opaque != NULL; }
int fill(void *buffer, unsigned long size) { memset(buffer, 1, size); return 0; }
int channel(void *device, int channel) { return channel; }
int user(const void *user, unsigned flags) { return flags; }
int sized(void *a, size_t b) { return b; }
int unnamed(void *a, long b) { return b; }
int unnamed_read(const void *a, long b) { return b; }
int buffered(void *buf, int most) { return most; }
int rounds(const unsigned char key[16], int rounds) { return key[15] + rounds; }
int keyed(const unsigned char key[16], unsigned long key_len) { return key[15] + key_len; }
void digest_n(unsigned char out[16], int variant) { memset(out, variant, 16); }
void digest_len(unsigned char out[16], unsigned long out_len) { memset(out, 1, out_len); }
void digest(unsigned char out[16]) { memset(out, 1, 16); }
void digest_macro(unsigned char out[DIGEST]) { memset(out, 1, 16); }
void digest_alias(id_t16 out) { memset(out, 1, 16); }
int first(const unsigned char in[16]) { return in[15]; }
int first_alias(const id_t16 in) { return in[0]; }
int sum4(const int v[static 4]) { return v[0] + v[1] + v[2] + v[3]; }
int sum_enum(const int v[QUARTER * 2]) { return v[7]; }
void name8(char out[8]) { strcpy(out, "name"); }
void squares(int out[3]) { for (int i = 0; i < 3; i++) out[i] = i * i; }
int counted(int n, const int v[n]) { return v[n - 1]; }
int open_file(int x) { return x; }
int undeclared(int x) { return x; }
