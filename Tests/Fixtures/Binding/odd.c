#ifndef __clang__
#define _Nonnull
#endif
#include "odd.h"
int other(int a) __asm__("renamed");
int other(int a) { return -1; }
int take_flags(enum flags a) { return a == A3; }
int take_level(level a) { return a; }
int take_wide(enum wide a) { return a == MOST; }
int take_huge(enum huge a) { return 0; }
int take_tiny(enum tiny a) { return a; }
int take_sized(enum sized a) { return a; }
int take_parcel(struct parcel s) { return s.weight; }
int take_plain(struct plain s) { return s.i + s.t; }
int take_outer(struct outer s) { return s.p.i + (int)s.d; }
int take_squeezed(struct squeezed s) { return s.i; }
int take_tight(struct tight s) { return s.i; }
int take_aligned(struct aligned s) { return s.i; }
int take_stretched(struct stretched s) { return s.i; }
int take_bits(struct bits s) { return s.a; }
int take_holder(struct holder s) { return s.t.i; }
int take_text(struct text t) { return t.a; }
int take_i32(enum i32 t) { return t; }
int take_bytes(bytes t) { return (int)t.f; }
int take_struct_pair(struct pair p) { return p.a; }
int take_pair(pair p) { return (int)(p.a + p.b); }
int take_long(struct a_name_of_more_than_sixty_four_characters_is_more_than_a_file_can_hold s) { return 0; }
int take_size(int a, int b) { return a - b; }
int take_umlaut(struct größe s) { return 0; }
int fünf(int a) { return 5; }
int legacy(int a) { return a; }
int known(int a) { return a; }
int renamed(int a) { return a + 1; }
__attribute__((ms_abi)) int foreign(int a) { return a; }
int take_vector(quad v) { return 0; }
int take_nonnull(const char *text) { return text[0]; }
int inside_of_another_name(int a) { return a; }
int find(int key, int *result) { return (*result = key) > 0; }
int disguised(int a) { return a; }
int take_many(int a1, int a2, int a3, int a4, int a5, int a6, int a7, int a8, int a9, int a10, int a11,
    int a12, int a13, int a14, int a15, int a16, int a17, int a18, int a19, int a20, int a21, int a22,
    int a23, int a24, int a25, int a26, int a27, int a28, int a29, int a30, int a31, int a32, int a33) { return 0; }
__asm__(".globl inside\n.type inside, @function\ninside: ret");
