import Testing

@testable import ToolBinding

@Suite("Declarations") struct DeclarationsTests {
    private static let declarations: Declarations = {
        var declarations = Declarations()
        declarations.aliases = [
            "number": .scalar("i32"), "count": .alias("number"), "fixed": .constant(.alias("count")),
            "loop": .alias("pool"), "pool": .alias("loop"), "HANDLE": .pointer(.void), "session": .void,
            "voidp": .pointer(.void), "uuid": .array(.scalar("u8"), count: 16),
            "name_t": .pointer(.constant(.scalar("i8"))), "size_t": .scalar("u64"),
        ]
        declarations.structures = [
            "struct inner": .init(fields: [("a", .scalar("i32"))], isPlain: true),
            "struct outer": .init(fields: [("inner", .structure("struct inner"))], isPlain: true),
        ]
        return declarations
    }()

    @Test("a name stands for the type at the end of its aliases, and a circular name for none")
    func aliases() {
        #expect(Self.declarations.resolved(.alias("fixed")) == .scalar("i32"))
        #expect(Self.declarations.resolved(.alias("loop")) == .other("a type with a circular definition"))
        #expect(Self.declarations.isConstant(.alias("fixed")))
        #expect(!Self.declarations.isConstant(.alias("loop")))
    }

    @Test(
        "a named void pointer is a handle, except for generic names",
        arguments: [
            (.alias("HANDLE"), "HANDLE"), (.pointer(.alias("session")), "session"), (.alias("voidp"), nil),
            (.pointer(.void), nil), (.pointer(.scalar("i32")), nil),
        ] as [(CType, String?)]
    )
    func handles(type: CType, name: String?) {
        #expect(Self.declarations.handleName(of: type) == name)
        #expect(Self.declarations.isUntyped(type) == (name == nil && type != .pointer(.scalar("i32"))))
    }

    @Test(
        "the declaration of an array parameter has a length",
        arguments: [
            ("unsigned char out[16]", "16"), ("const int v[static 4]", "4"), ("int v[const N * 2]", "N * 2"),
            ("int v[]", ""), ("int v[2][3]", nil), ("int v[sizeof(\"a\")]", nil), ("int v[({ f(); })]", nil),
            ("uuid id", "16"), ("uuid *id", nil), ("int uuid", nil),
        ] as [(String, String?)]
    )
    func lengths(source: String, length: String?) {
        #expect(Self.declarations.length(declaredBy: source, source == "int uuid" ? "uuid" : "id") == length)
    }

    @Test("the layouts of all structures that a function uses are needed")
    func tags() {
        let function = Declarations.Function.fixture("f", parameters: [("struct outer *", "o")], result: "enum color")
        #expect(Self.declarations.tags(of: [function]) == ["struct outer", "struct inner", "enum color"])
    }

    @Test("texts with a special type are recognized, and types of sizes by their name")
    func names() {
        #expect(Self.declarations.specialTextName(of: .alias("name_t")) == "name_t")
        #expect(Self.declarations.specialTextName(of: .pointer(.constant(.scalar("i8")))) == nil)
        #expect(Self.declarations.isSize(.alias("size_t")) && !Self.declarations.isSize(.scalar("u64")))
    }
}
