import TestSupport
import Testing
import ToolJSON

/// A plugin in one short C file, compiled with one command.
@Suite("Plugin in C", .timeLimit(.minutes(10)))
struct GreeterTests {
    @Test("a plugin in C is listed, shown and called with a string and an integer")
    func works() throws {
        let source = try FixtureSource.file("greeter.c")
        #expect(source.split(separator: "\n", omittingEmptySubsequences: false).count <= 30)
        let directory = try FixtureDirectory()
        let file = try directory.plugin("greeter.so", source)

        #expect(try Command("list", plugins: directory).run().output == "greet  Greet someone\n")
        let listed = try Command("list", "--json", plugins: directory).run().json
        #expect(listed[pointer: "/0/plugin"] == ["name": "greeter", "version": "1.0.0", "file": .string(file)])

        let shown = try Command("show", "greet", plugins: directory).run().output
        for words in ["greet\n  Greet someone\n", "name (string, required)", "times (integer, required)", file] {
            #expect(shown.contains(words))
        }
        let called = try Command("call", "greet", "--arg", "name=Ann", "--arg", "times=2", plugins: directory).run()
        #expect(called.status == 0)
        #expect(called.output == "Hello, Ann!Hello, Ann!\n")
        let refused = try Command("call", "greet", #"{"name":"Ann","times":"twice"}"#, plugins: directory).run()
        #expect(refused.status == 2)
        #expect(refused.errors.contains("- times: expected an integer, got \"twice\""))
    }
}
