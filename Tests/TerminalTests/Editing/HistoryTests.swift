import Foundation
@testable import Terminal
import TestSupport
import Testing

@Suite("The history of the prompt")
struct HistoryTests {
    // MARK: - Recall

    private static func machine() -> LineStateMachine {
        LineStateMachine(history: ["first one", "second\nline", "third one"].map { LineText($0) })
    }

    @Test(
        "arrows recall entries, and keep changes until the line is complete",
        arguments: [
            ([.up], "third one|"), ([.up, .up], "second\nline|"), ([.up, .up, .up], "seco|nd\nline"),
            ([.up, .up, .control("P")], "first one|"), ([.up, .up, .up, .up], "first one|"),
            ([.up, .up, .down], "third one|"),
            ([.text("new"), .up, .down], "new|"), ([.text("new"), .control("P"), .control("N")], "new|"),
            ([.up, .text("!"), .control("P"), .control("N")], "third one!|"), ([.down], "|"),
        ] as [([Key], String)]
    )
    func recall(keys: [Key], line: String) {
        var machine = Self.machine()
        for key in keys { _ = machine.handle(key) }
        #expect(machine.shown == line)
    }

    @Test(
        "a search shows the newest entry with the text",
        arguments: [
            ([.text("one")], "third |one"), ([.text("one"), .control("R")], "first |one"),
            ([.text("ne"), .control("R"), .control("R")], "first o|ne"),
            ([.text("ne"), .control("R"), .control("R"), .control("S")], "second\nli|ne"),
            ([.text("xyz")], "draft|"), ([.text("xyz"), .backspace, .backspace, .backspace], "draft|"),
            ([.text("f"), .text("i")], "|first one"), ([.text("f"), .control("G")], "draft|"),
            ([.text("f"), .control("C")], "draft|"), ([.text("f"), .escape, .text("X")], "X|first one"),
            ([.text("f"), .end, .text("X")], "first oneX|"), ([.text("f"), .down, .down, .down, .down], "draft|"),
        ] as [([Key], String)]
    )
    func search(keys: [Key], line: String) {
        var machine = Self.machine()
        for key in [.text("draft"), .control("R")] + keys { _ = machine.handle(key) }
        #expect(machine.shown == line)
    }

    @Test("a search finds the whole of an entry that was recalled and shortened")
    func editedEntry() {
        var machine = Self.machine()
        for key in [.up, .control("U"), .control("R"), .text("one")] as [Key] { _ = machine.handle(key) }
        #expect(machine.shown == "third |one")
    }

    @Test("Enter accepts the entry that a search found")
    func acceptedSearch() {
        var machine = Self.machine()
        for key in [.control("R"), .text("first")] as [Key] { _ = machine.handle(key) }
        #expect(machine.handle(.enter) == .accepted)
        #expect(machine.takeLine().string == "first one")
    }

    // MARK: - Completion

    @Test(
        "Tab inserts the only word, or the common part of several words, which are listed",
        arguments: [
            ("/he", Completion(replacing: 3, with: ["/help "]), "/help |", []),
            ("/t", Completion(replacing: 2, with: ["/think", "/think-more"]), "/think|", ["/think", "/think-more"]),
            (
                "/t", Completion(replacing: 2, with: ["/tool", "/tools", "/think"]), "/t|",
                ["/tool", "/tools", "/think"]
            ),
            ("日本", Completion(replacing: 1, with: ["本語"]), "日本語|", []), ("a", .none, "a|", []),
            ("a", Completion(replacing: 9, with: ["b"]), "b|", []),
            ("a", Completion(replacing: 1, with: ["a\u{1B}[2J", "a\nb", ""]), "a|", []),
        ] as [(String, Completion, String, [String])]
    )
    func completion(text: String, completion: Completion, line: String, listed: [String]) {
        var machine = LineStateMachine()
        _ = machine.handle(.text(text))
        #expect(machine.handle(.tab) == .completionNeeded(text))
        _ = machine.complete(completion)
        #expect(machine.shown == line && machine.listedWords == listed)
        #expect(listed.isEmpty || machine.handle(.escape) == .changed)
        #expect(machine.listedWords.isEmpty)
    }

    // MARK: - The file

    private static let lines: [LineText] = [
        LineText("plain"), LineText("two\nlines"), LineText(#"back\slash \n \< \\"#), LineText("日本 👨‍👩‍👧"),
        LineText([.init("see "), .init("@a\\\n\\>b", isPasted: true), .init(" end")]),
        LineText("all pasted", isPasted: true), LineText("tab\t\u{1B}[2J"),
    ]

    @Test("lines are read as they were added, in the next run", arguments: [false, true])
    func roundTrip(isNested: Bool) throws {
        let directory = try FixtureDirectory()
        let path = directory.path + (isNested ? "/a/b/history" : "/history")
        let first = PromptHistory(path: path)
        for line in Self.lines { #expect(first.add(line)) }
        #expect(first.lines == Self.lines)
        #expect(PromptHistory(path: path).lines == Self.lines)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
    }

    @Test("empty lines, repeated lines, and lines that start with a space are not kept")
    func notKept() {
        let history = PromptHistory(path: nil)
        for text in ["a", "a", "", " secret", "b", "a"] { history.add(LineText(text)) }
        #expect(history.lines.map(\.string) == ["a", "b", "a"])
    }

    @Test(
        "damaged lines of the file are ignored",
        arguments: [
            ("a\n\nb", ["a", "b"]), ("a\\x\nb\n", ["b"]), ("a\\", []), ("\\<a\nb", ["b"]), ("a\\>\nb", ["b"]),
            ("\\<\\<a\\>\nb", ["b"]), ("", []), ("\n\n\n", []),
            (String(repeating: "x", count: 300_000) + "\nb\n", ["b"]),
        ]
    )
    func damage(content: String, lines: [String]) throws {
        let directory = try FixtureDirectory()
        let path = try directory.file("history", content.utf8, mode: 0o600)
        #expect(PromptHistory(path: path).lines.map(\.string) == lines)
        #expect(PromptHistory(path: path).add(LineText("new")))
        #expect(PromptHistory(path: path).lines.map(\.string) == lines + ["new"])
    }

    @Test("bytes that are no text are ignored")
    func noText() throws {
        let directory = try FixtureDirectory()
        let path = try directory.file("history", [0x61, 0xFF, 0x0A, 0x62, 0x0A, 0xC3, 0x0A], mode: 0o600)
        #expect(PromptHistory(path: path).lines.map(\.string) == ["b"])
    }

    @Test(
        "a file that is not a private regular file of the user is not used",
        arguments: ["link", "pipe", "directory"]
    )
    func unusable(kind: String) throws {
        let directory = try FixtureDirectory()
        let path = directory.path + "/history"
        let target = try directory.file("target", "a\n".utf8, mode: 0o600)
        switch kind {
        case "link": try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
        case "pipe": #expect(mkfifo(path, 0o600) == 0)
        default: try directory.directory("history")
        }
        let history = PromptHistory(path: path)
        #expect(history.lines.isEmpty)
        #expect(!history.add(LineText("b")))
        #expect(history.lines.map(\.string) == ["b"])
        #expect(try String(contentsOfFile: target, encoding: .utf8) == "a\n")
    }

    @Test("a file that others can read is closed to them")
    func openFile() throws {
        let directory = try FixtureDirectory()
        let path = try directory.file("history", "a\n".utf8, mode: 0o666)
        #expect(PromptHistory(path: path).lines.map(\.string) == ["a"])
        #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
    }

    @Test("the file and the list stay bounded, and keep the newest lines")
    func bounds() throws {
        let directory = try FixtureDirectory()
        let path = directory.path + "/history"
        let history = PromptHistory(path: path)
        let padding = String(repeating: "x", count: 200 << 10)
        for number in 0..<60 { #expect(history.add(LineText("\(number) \(padding)"))) }
        let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
        #expect(size <= HistoryFile.maximumBytes)
        let read = PromptHistory(path: path).lines
        #expect(read.last == history.lines.last && read.count >= 10)
        #expect(history.lines.reduce(0) { $0 + $1.utf8.count } <= HistoryFile.maximumBytes)
        // A line that is too large for the file is not kept.
        #expect(history.add(LineText(String(repeating: "y", count: 300 << 10))))
        #expect(history.lines.last == read.last)
        for number in 0...HistoryFile.maximumEntries { history.add(LineText("\(number)")) }
        #expect(history.lines.count == HistoryFile.maximumEntries)
        #expect(PromptHistory(path: path).lines.count == HistoryFile.maximumEntries)
    }

    @Test("several writers at once lose no line")
    func writers() async throws {
        let directory = try FixtureDirectory()
        let path = directory.path + "/history"
        await withTaskGroup { group in
            for writer in 0..<4 {
                group.addTask {
                    let history = PromptHistory(path: path)
                    for number in 0..<200 { history.add(LineText("\(writer) \(number)")) }
                }
            }
        }
        let lines = PromptHistory(path: path).lines.map(\.string)
        for writer in 0..<4 {
            #expect(lines.filter { $0.hasPrefix("\(writer) ") } == (0..<200).map { "\(writer) \($0)" })
        }
    }
}
