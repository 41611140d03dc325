import Foundation
import TestSupport
import Testing
import ToolJSON

@Suite("The option -o of call", .timeLimit(.minutes(10)))
struct ResultFileTests {
    @Test("call -o writes the file while --json prints all parts")
    func parts() throws {
        let (directory, plugins) = (try FixtureDirectory(), try Fixture.plugins)
        let file = directory.path + "/dot.png"
        let result = try Command("call", "outcome", #"{"how":"image"}"#, "--json", "-o", file, plugins: plugins).run()
        #expect(result.status == 0, "\(result)")
        let parts = try result.json["parts"]?.array
        #expect(parts?.count == 2)
        #expect(parts?[0]["text"] == "A dot: " && parts?[0]["media_type"]?.string?.hasPrefix("text/plain") == true)
        #expect(parts?[1] == ["media_type": "image/png", "data": "iVBORwD/"])
        #expect(FileManager.default.contents(atPath: file).map(Array.init) == [0x89, 0x50, 0x4E, 0x47, 0, 0xFF])
        let text = directory.path + "/text"
        let plain = try Command("call", "outcome", #"{"how":"text"}"#, "--json", "-o", text, plugins: plugins).run()
        #expect(try plain.json[pointer: "/parts/0/text"] == "a text")
        #expect(try String(contentsOfFile: text, encoding: .utf8) == "a text")
        let failed = try Command("call", "outcome", #"{"how":"error"}"#, "--json", "-o", file + "2", plugins: plugins)
            .run()
        #expect(failed.status == 1, "\(failed)")
        #expect(try failed.json[pointer: "/parts/0/text"] == "the tool says no")
        #expect(!FileManager.default.fileExists(atPath: file + "2"))
    }

    @Test(
        "the result is printed if the file of call -o is full",
        arguments: [([], "a text\n"), (["--json"], #""text": "a text""#)] as [([String], String)]
    )
    func fullFile(options: [String], words: String) throws {
        var command = try Command("call", "outcome", #"{"how":"text"}"#, "-o", "/dev/full", plugins: Fixture.plugins)
        command.arguments += options
        let result = try command.run()
        #expect(result.status == 74 && result.output.contains(words), "\(result)")
        #expect(result.errors.contains("/dev/full cannot be written: No space left on device"), "\(result)")
    }

    @Test("call -o writes the file if standard output is full")
    func fullOutput() throws {
        let directory = try FixtureDirectory()
        let file = directory.path + "/text"
        var command = try Command("call", "outcome", #"{"how":"text"}"#, "--json", "-o", file, plugins: Fixture.plugins)
        command.shell = #"exec "$@" > /dev/full"#
        #expect(try command.run().status == 74)
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "a text")
    }

    @Test("a file that call -o cannot write is refused before the call", arguments: ["/nowhere/x", "/usr", ""])
    func unwritable(path: String) throws {
        let directory = try FixtureDirectory()
        let source = FixtureSource.tool("mark", body: "creat(\"\(directory.path)/ran\", 0600); return TOOL_DONE;")
        try directory.plugin("mark.so", source.replacingOccurrences(of: "<unistd.h>", with: "<fcntl.h>"))
        let result = try Command("call", "mark", "--in-process", "-o", path, plugins: directory).run()
        #expect(result.status == 74, "\(result)")
        #expect(!FileManager.default.fileExists(atPath: directory.path + "/ran"))
    }
}
