import Foundation
import TestSupport
import Testing
import ToolJSON

/// Trust in a binding, which includes the library that the binding names by its path.
@Suite("Trust in bindings", .timeLimit(.minutes(10)))
struct BindingTrustTests {
    private let directory: FixtureDirectory
    private let home: FixtureDirectory

    init() throws {
        (directory, home) = (try FixtureDirectory(), try FixtureDirectory())
        try directory.directory("lib")
        try compile("return 41;")
        let binding = #"""
            {"toolhost": 1, "plugin": {"name": "answers", "permissions": {"read": ["/usr/share"]}},
             "library": "lib/answer.so",
             "tools": [{"name": "answer", "description": "Answer", "parameters": [], "returns": "i32"}]}
            """#
        try directory.file("answer.tool.json", binding.utf8)
    }

    private func compile(_ body: String) throws {
        try directory.plugin("lib/answer.so", "int answer(void) { \(body) }")
    }

    private func run(_ words: String...) throws -> Command.Result {
        var command = Command("")
        command.arguments = words
        if words[0] != "trust" { command.arguments += ["--no-default-plugins", "--plugins", directory.path] }
        command.environment["HOME"] = home.path
        return try command.run()
    }

    @Test("a binding whose library has changed is no longer trusted, and --locked refuses it")
    func coversTheLibrary() throws {
        let file = directory.path + "/answer.tool.json"
        #expect(try run("call", "answer", "--locked").status == 6)
        #expect(try run("trust", file, "--yes").status == 0)
        #expect(try run("call", "answer").output == "41\n")
        #expect(try run("call", "answer", "--locked").output == "41\n")

        try compile("return 42;")
        let changed = try run("call", "answer")
        #expect(changed.status == 6 && changed.errors.contains("changed since"), "\(changed.errors)")
        let locked = try run("doctor", "--locked")
        let words = locked.output + locked.errors
        #expect(words.contains("Has changed since it was trusted, and only trusted plugins are loaded."), "\(words)")
        #expect(try run("call", "answer", "--locked").status == 6)

        #expect(try run("trust", file, "--yes").status == 0)
        #expect(try run("call", "answer", "--locked").output == "42\n")
    }
}
