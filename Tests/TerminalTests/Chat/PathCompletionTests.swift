import Glibc
@testable import Terminal
import TestSupport
import Testing

@Suite("The completion of paths")
struct PathCompletionTests {
    private let directory: FixtureDirectory

    init() throws {
        directory = try FixtureDirectory()
        for name in ["notes.txt", "note two.md", "zoë.txt", ".hidden", "bad\u{1B}[2J", "bad\u{202E}name", "q\"uote"] {
            try directory.file(name, [])
        }
        for name in ["sub", "sub/deep dir"] { mkdir(directory.path + "/" + name, 0o700) }
        try directory.file("sub/one", [])
        symlink("sub", directory.path + "/link")
    }

    /// The lines, in which `DIR` is the directory, and the words that complete them.
    private static let lines: [(text: String, words: [String])] = [
        ("@DIR/notes", ["notes.txt"]), ("see\n@DIR/su", ["sub/"]), ("@DIR/li", ["link/"]), ("@DIR/zoë", ["zoë.txt"]),
        ("@~/notes", ["notes.txt"]),
        // A word with a space puts the path in quotation marks.
        ("@DIR/not", ["\"DIR/note two.md", "\"DIR/notes.txt"]), ("@DIR/sub/d", ["\"DIR/sub/deep dir/"]),
        ("@\"DIR/not", ["note two.md", "notes.txt"]), ("@\"DIR/note ", ["note two.md\""]),
        ("@\"a b\" @DIR/notes", ["notes.txt"]), ("/image DIR/note t", ["note two.md"]),
        // Hidden files are completed after a dot, and names with hidden characters never.
        ("@DIR/.", [".hidden"]), ("@DIR/h", []), ("@DIR/b", []), ("@DIR/q", []),
        ("/image DIR/", ["link/", "note two.md", "notes.txt", "q\"uote", "sub/", "zoë.txt"]),
        // There is no path, or no directory.
        ("x@DIR/notes", []), ("@DIR/notes ", []), ("DIR/notes", []), ("@DIR/none/x", []), ("@DIR/notes.txt/", []),
    ]

    @Test("the path at the end of a line is completed", arguments: lines.indices)
    func path(index: Int) {
        func placed(_ text: String) -> String { text.replacing("DIR", with: directory.path) }
        let line = Self.lines[index]
        let completion = PathCompletion.completion(of: placed(line.text), home: directory.path)
        #expect(completion.words == line.words.map(placed), "\(line.text)")
    }

    @Test("a completed path is one that a prompt attaches", arguments: ["@\"DIR/note ", "@DIR/zo", "@DIR/sub/o"])
    func attached(text: String) throws {
        var machine = LineStateMachine()
        let text = text.replacing("DIR", with: directory.path)
        _ = machine.handle(.text(text))
        #expect(machine.complete(PathCompletion.completion(of: text, home: nil)) == .changed)
        let path = try #require(machine.text.typedPaths.first)
        #expect(access(path, R_OK) == 0, "\(path)")
    }
}
