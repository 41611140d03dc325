import Testing

@testable import ToolBinding

@Suite("C types") struct CTypeTests {
    @Test(
        "the spelling of a type by clang is parsed",
        arguments: [
            ("void", .void), ("int", .scalar("i32")), ("signed char", .scalar("i8")), ("char", .scalar("i8")),
            ("unsigned char", .scalar("u8")), ("unsigned", .scalar("u32")), ("long long", .scalar("i64")),
            ("long unsigned int", .scalar("u64")), ("double", .scalar("f64")), ("_Bool", .scalar("bool")),
            ("size_t", .alias("size_t")), ("struct point", .structure("struct point")),
            ("enum color", .enumeration("enum color")), ("const char *", .pointer(.constant(.scalar("i8")))),
            ("char *const", .constant(.pointer(.scalar("i8")))), ("volatile int", .scalar("i32")),
            ("int **", .pointer(.pointer(.scalar("i32")))), ("int[4]", .array(.scalar("i32"), count: 4)),
            ("int[2][3]", .array(.array(.scalar("i32"), count: 3), count: 2)),
            ("int (void)", .function(.scalar("i32"), parameters: [])),
            ("int ()", .function(.scalar("i32"), parameters: CType.unspecifiedParameters)),
            ("int (*)(void *)", .pointer(.function(.scalar("i32"), parameters: [.pointer(.void)]))),
            ("void (int, ...)", .function(.void, parameters: [.scalar("i32"), .other("...")])),
        ] as [(String, CType)]
    )
    func parsing(spelling: String, type: CType) {
        #expect(CType(spelled: spelling) == type)
    }

    @Test(
        "a type that toolhost does not support keeps its spelling",
        arguments: [
            "union either", "long double", "struct (unnamed at x.h:1:1)", "float __attribute__((ext_vector_type(4)))",
            "int (", "int[99999999999999999999]", "", String(repeating: "(*", count: 100),
        ]
    )
    func unsupported(spelling: String) {
        #expect(CType(spelled: spelling) == .other(spelling))
    }
}
