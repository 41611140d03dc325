import Testing
import ToolRuntime

@testable import ToolBinding

@Suite("Names in a binding") struct NamingTests {
    @Test(
        "a valid name of a plugin has at most 64 letters, digits, dots, hyphens and underscores",
        arguments: [
            ("sqlite3", true, "sqlite3"), ("a.b-c_d", true, "a.b-c_d"), ("", false, "library"),
            ("a b", false, "a_b"), ("gr\u{F6}\u{DF}e", false, "gr__e"),
            (String(repeating: "a", count: 65), false, String(repeating: "a", count: 64)),
        ]
    )
    func pluginNames(name: String, isValid: Bool, near: String) {
        #expect(BindingFile.isPluginName(name) == isValid)
        #expect(PluginName.near(name, default: "library") == near)
    }

    @Test("types with the same name in C have different names in a binding")
    func unique() throws {
        var names = TypeNames()
        #expect(try names.word(for: "struct pair", as: "value") == "pair")
        #expect(try names.word(for: "pair", as: "value") == "c_pair")
        #expect(try names.word(for: "struct pair", as: "handle") == "pair_handle")
        #expect(names.known("struct pair", as: "value") == "pair")
        #expect(names.known("struct pair", as: "handle") == "pair_handle")
    }

    @Test("a type does not get the name of a type of the format")
    func reserved() throws {
        var names = TypeNames()
        #expect(try names.word(for: "struct text", as: "value") == "c_text")
        #expect(try names.word(for: "struct bytes", as: "handle") == "bytes_handle")
    }

    @Test("a name that was removed can be given again")
    func removal() throws {
        var names = TypeNames()
        #expect(try names.word(for: "struct a", as: "value") == "a")
        names.forget("struct a", as: "value")
        #expect(names.known("struct a", as: "value") == nil)
        #expect(try names.word(for: "a", as: "value") == "a")
    }

    @Test(
        "a type without a usable name is not supported",
        arguments: ["struct gr\u{F6}\u{DF}e", "struct " + String(repeating: "a", count: 65), "struct 1"]
    )
    func unusable(name: String) {
        var names = TypeNames()
        #expect(throws: TypeDrafts.Unsupported.self) { try names.word(for: name, as: "value") }
    }

    @Test(
        "the last word of a name decides whether an untyped pointer is a handle or a buffer",
        arguments: [
            ("handle", .handle), ("hDevice", .handle), ("ssl_ctx", .handle), ("buf_ctx", .handle),
            ("userData", .handle),
            ("ctx2", .handle), ("ctx_buf", .buffer), ("buffer", .buffer), ("dest", .buffer), ("data", .buffer),
            ("x", .unknown), ("", .unknown), ("_", .unknown),
        ] as [(String, UntypedPointer)]
    )
    func untypedPointers(name: String, use: UntypedPointer) {
        #expect(UntypedPointer(named: name) == use)
    }

    @Test("the closers of a handle are functions that take it alone and have a closing name")
    func closers() {
        var declarations = Declarations()
        declarations.structures = [:]
        declarations.functions = [
            .fixture("thing_close", parameters: [("struct thing *", "t")]),
            .fixture("thing_end", parameters: [("struct thing *", "t")]),
            .fixture("thing_read", parameters: [("struct thing *", "t")]),
            .fixture("thing_free_all", parameters: [("struct thing *", "t"), ("int", "n")]),
            .fixture("h_open", parameters: [("int", "a")], result: "void *"),
        ]
        let closers = Closers(declarations, exported: ["h_open"])
        #expect(closers["struct thing"] == ["thing_close", "thing_end"])
        #expect(closers["struct other"] == [])
        #expect(closers.hasUntypedOpener && closers.hasUntypedHandles("h_read") && !closers.hasUntypedHandles("x_read"))
    }
}
