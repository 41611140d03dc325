import Foundation
import TestSupport
import Testing
import ToolJSON

/// What a draft must not guess of types, names and symbols.
@Suite("A draft of unusual declarations", .timeLimit(.minutes(10)))
struct BindTypeTests {
    /// Drafted once, and read by every test.
    private static let odd: Result<BindFixture, any Error> = Result {
        let fixture = try BindFixture(named: "odd", header: header, source: source)
        // A value that lives as long as the process is never let go of.
        atexit { if let odd = try? odd.get() { try? FileManager.default.removeItem(atPath: odd.directory.path) } }
        return fixture
    }
    private static let draft: Result<Draft, any Error> = Result { try odd.get().draft() }

    private static let header = """
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
        struct gr\u{F6}\u{DF}e { int gr\u{FC}n; };
        int take_text(struct text t);
        int take_i32(enum i32 t);
        int take_bytes(bytes t);
        int take_struct_pair(struct pair p);
        int take_pair(pair p);
        int take_long(struct a_name_of_more_than_sixty_four_characters_is_more_than_a_file_can_hold s);
        int take_size(int gr\u{F6}\u{DF}e, int a$b);
        int take_umlaut(struct gr\u{F6}\u{DF}e s);
        int f\u{FC}nf(int a);

        int legacy();
        int known(); int known(int a);
        int renamed(int a) __asm__("real_name");
        int foreign(int a) __attribute__((ms_abi));
        typedef float quad __attribute__((ext_vector_type(4)));
        int take_vector(quad v);
        int take_nonnull(const char * _Nonnull text);
        static inline int inside(int a) { return a; }
        int find(int key, int *result);
        /* Shows \u{202E}something else. */
        int disguised(int a);
        int take_many(
            \((1...33).map { "int a\($0)" }.joined(separator: ", "))
        );
        """

    private static let source = """
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
        int take_umlaut(struct gr\u{F6}\u{DF}e s) { return 0; }
        int f\u{FC}nf(int a) { return 5; }
        int legacy(int a) { return a; }
        int known(int a) { return a; }
        int renamed(int a) { return a + 1; }
        __attribute__((ms_abi)) int foreign(int a) { return a; }
        int take_vector(quad v) { return 0; }
        int take_nonnull(const char *text) { return text[0]; }
        int inside_of_another_name(int a) { return a; }
        int find(int key, int *result) { return (*result = key) > 0; }
        int disguised(int a) { return a; }
        int take_many(\((1...33).map { "int a\($0)" }.joined(separator: ", "))) { return 0; }
        __asm__(".globl inside\\n.type inside, @function\\ninside: ret");
        """

    @Test(
        "has the values of enumerations, whatever their expressions are, and their sizes",
        arguments: [
            ("flags", #"{"enum":"u32","values":{"A1":1,"A2":2,"A3":2147483648}}"#),
            ("level", #"{"enum":"i32","values":{"LOW":1,"NEXT":2,"HIGH":16}}"#),
            ("wide", #"{"enum":"i64","values":{"MINUS":-1,"MOST":4294967295}}"#),
            ("tiny", #"{"enum":"u8","values":{"T1":1,"T200":200}}"#),
            ("sized", #"{"enum":"i32","values":{"S_INT":4,"S_AFTER":5,"S_COPY":2}}"#),
        ]
    )
    func enumerations(name: String, expected: String) throws {
        #expect(try Self.draft.get().content["types"]?[name]?.text() == expected)
    }

    @Test(
        "has the sizes of structures from the compiler",
        arguments: [("plain", 12), ("outer", 24), ("c_text", 4), ("pair", 4), ("c_pair", 16)]
    )
    func sizes(name: String, size: Int) throws {
        #expect(try Self.draft.get().content["types"]?[name]?["size"]?.int == size)
    }

    @Test(
        "is refused with a reason where toolhost would call something else",
        arguments: [
            ("take_huge", "has enum huge, with a value that needs more than 64 bits with a sign"),
            (
                "take_squeezed",
                "has struct squeezed, which the compiler lays out otherwise than its fields alone"
            ),
            ("take_tight", "has struct tight, which the compiler lays out otherwise than its fields alone"),
            (
                "take_aligned",
                "has struct aligned, which the compiler lays out otherwise than its fields alone"
            ),
            (
                "take_stretched",
                "has struct stretched, which the compiler lays out otherwise than its fields alone"
            ),
            ("take_bits", "has struct bits, whose layout toolhost does not pass"),
            ("take_holder", "has struct tight, which the compiler lays out otherwise than its fields alone"),
            (
                "take_long",
                "has struct a_name_of_more_than_sixty_four_characters_is_more_than_a_file_can_hold, whose name is too long"
            ),
            (
                "take_umlaut",
                "has struct gr\u{F6}\u{DF}e, whose name is not made of ASCII letters, digits and underscores"
            ),
            ("f\u{FC}nf", "has a name that is not made of ASCII letters, digits and underscores"),
            ("legacy", "does not tell its parameters: C reads () as any"),
            ("foreign", "is called in another way than C functions are: int (int) __attribute__((ms_abi))"),
            ("take_vector", "has float __attribute__((ext_vector_type(4))), which toolhost does not pass"),
            ("take_many", "cannot be offered: take_many has 33 parameters; at most 32 are taken."),
        ]
    )
    func refusals(name: String, reason: String) throws {
        let draft = try Self.draft.get()
        #expect(draft.refusal(name) == reason)
        #expect(draft.tool(name) == nil)
    }

    @Test(
        "renames what would mean something else",
        arguments: [
            ("take_text", #"[{"name":"t","type":"c_text"}]"#),
            ("take_i32", #"[{"name":"t","type":"c_i32"}]"#),
            ("take_bytes", #"[{"name":"t","type":"c_bytes"}]"#),
            ("take_struct_pair", #"[{"name":"p","type":"pair"}]"#),
            ("take_pair", #"[{"name":"p","type":"c_pair"}]"#),
            ("take_size", #"[{"name":"value","type":"i32"},{"name":"value2","type":"i32"}]"#),
            ("take_nonnull", #"[{"name":"text","type":"text"}]"#),
            ("known", #"[{"name":"a","type":"i32"}]"#),
        ]
    )
    func names(name: String, parameters: String) throws {
        #expect(try Self.draft.get().tool(name)?["parameters"]?.text() == parameters)
    }

    @Test("asks whether characters in a structure are a text, and in what is made of it")
    func characters() throws {
        let draft = try Self.draft.get()
        for name in ["label", "parcel"] {
            let asked = draft.content["types"]?[name]?["undecided"]
            #expect(asked == ["Is name (char[16]) a text that ends with a zero byte?"])
        }
        let waiting = draft.report["undecided"]?.array?.first { $0["name"] == "take_parcel" }
        #expect(waiting?["questions"] == ["Its type parcel is not decided."])
    }

    @Test("calls the function that the header means, and says what it does to people, too")
    func symbols() throws {
        let draft = try Self.draft.get()
        #expect(draft.tool("renamed")?["symbol"] == "real_name" && draft.tool("inside") == nil)
        #expect(draft.tool("disguised")?["description"] == "Shows something else.")
        #expect(draft.tool("find")?["returns"]?["name"] == "returned")
    }

    @Test("passes check as it is, and its tools do what they say")
    func calls() throws {
        let draft = try Self.draft.get()
        let checked = try Command("check", draft.file, "--json").run()
        #expect(checked.status == 0, "\(checked.output)\(checked.errors)")
        let directory = try Self.odd.get().directory
        let cases: [(String, String, String)] = [
            ("take_flags", #"{"a":"A3"}"#, "1"), ("take_level", #"{"a":"HIGH"}"#, "16"),
            ("take_wide", #"{"a":"MOST"}"#, "1"), ("take_tiny", #"{"a":"T200"}"#, "200"),
            ("take_outer", #"{"s":{"p":{"c":1,"i":40,"t":"T1"},"d":2.5}}"#, "42"),
            ("take_pair", #"{"p":{"a":40.0,"b":2.0}}"#, "42"), ("renamed", #"{"a":41}"#, "42"),
        ]
        for (tool, arguments, result) in cases {
            let called = try Command("call", tool, arguments, plugins: directory).run()
            #expect(called.output == "\(result)\n", "\(tool): \(called.errors)")
        }
    }
}
