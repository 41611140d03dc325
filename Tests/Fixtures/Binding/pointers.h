#include <stddef.h>
#define DIGEST 0x10
enum { QUARTER = 4 };
typedef unsigned char id_t16[16];
typedef void *HANDLE;
typedef void session;
typedef void *voidpf;

HANDLE thing_open(const char *name);
int thing_use(HANDLE thing);
int thing_close(HANDLE thing);
session *session_new(void);
int session_make(session **made);
void session_free(session *s);
int pass(void *context);
int pass_generic(voidpf opaque);
int fill(void *buffer, unsigned long size);
int channel(void *device, int channel);
int user(const void *user, unsigned flags);
int sized(void *, size_t);
int unnamed(void *, long);
int unnamed_read(const void *, long);
int buffered(void *buf, int most);

void digest(unsigned char out[16]);
void digest_macro(unsigned char out[DIGEST]);
void digest_alias(id_t16 out);
int first(const unsigned char in[16]);
int first_alias(const id_t16 in);
int sum4(const int v[static 4]);
int sum_enum(const int v[QUARTER * 2]);
void name8(char out[8]);
void squares(int out[3]);
int counted(int n, const int v[n]);
int rounds(const unsigned char key[16], int rounds);
int keyed(const unsigned char key[16], unsigned long key_len);
void digest_n(unsigned char out[16], int variant);
void digest_len(unsigned char out[16], unsigned long out_len);

extern int counter;
static inline int twice(int x) { return 2 * x; }
inline int thrice(int x) { return 3 * x; }
int open_file(int x);
#define open_it(x) open_file((x) + 1)
#define LIMIT 10
int not_there(int x);
