enum flags { A1 = 1u << 0, A2 = 1u << 1, A3 = 1u << 31 };
typedef enum { LOW = 0x1u, NEXT, HIGH = 0x10u } level;
enum wide { MINUS = -1, MOST = 0xFFFFFFFFu };
enum huge { HUGE_VALUE_OF_ALL = 0xFFFFFFFFFFFFFFFFull };
enum __attribute__((packed)) tiny { T1 = 1, T200 = 200 };
enum sized { S_INT = sizeof(int), S_AFTER, S_COPY = A2 };
int take_flags(enum flags a);
int take_level(level a);
int take_wide(enum wide a);
int take_huge(enum huge a);
int take_tiny(enum tiny a);
int take_sized(enum sized a);

struct plain { char c; int i; enum tiny t; };
struct outer { struct plain p; double d; };
#pragma pack(push, 1)
struct squeezed { char c; int i; };
#pragma pack(pop)
struct __attribute__((packed)) tight { char c; int i; };
struct aligned { char c; int i __attribute__((aligned(16))); };
typedef int wide_int __attribute__((aligned(32)));
struct stretched { wide_int i; };
struct bits { int a : 3; };
struct holder { struct tight t; };
struct label { char name[16]; };
struct parcel { struct label label; int weight; };
int take_parcel(struct parcel s);
int take_plain(struct plain s);
int take_outer(struct outer s);
int take_squeezed(struct squeezed s);
int take_tight(struct tight s);
int take_aligned(struct aligned s);
int take_stretched(struct stretched s);
int take_bits(struct bits s);
int take_holder(struct holder s);

struct text { int a; };
enum i32 { ONE = 1 };
typedef struct { float f; } bytes;
struct pair { int a; };
typedef struct { double a, b; } pair;
struct a_name_of_more_than_sixty_four_characters_is_more_than_a_file_can_hold { int a; };
struct größe { int grün; };
int take_text(struct text t);
int take_i32(enum i32 t);
int take_bytes(bytes t);
int take_struct_pair(struct pair p);
int take_pair(pair p);
int take_long(struct a_name_of_more_than_sixty_four_characters_is_more_than_a_file_can_hold s);
int take_size(int größe, int a$b);
int take_umlaut(struct größe s);
int fünf(int a);

int legacy();
int known(); int known(int a);
int renamed(int a) __asm__("real_name");
int foreign(int a) __attribute__((ms_abi));
typedef float quad __attribute__((ext_vector_type(4)));
int take_vector(quad v);
int take_nonnull(const char * _Nonnull text);
static inline int inside(int a) { return a; }
int find(int key, int *result);
/* Shows <RLO>something else. */
int disguised(int a);
int take_many(
    int a1, int a2, int a3, int a4, int a5, int a6, int a7, int a8, int a9, int a10, int a11,
    int a12, int a13, int a14, int a15, int a16, int a17, int a18, int a19, int a20, int a21, int a22,
    int a23, int a24, int a25, int a26, int a27, int a28, int a29, int a30, int a31, int a32, int a33
);
