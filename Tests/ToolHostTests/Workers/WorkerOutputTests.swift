import Locks
import SystemPackage
import Testing
@testable import ToolHost

@Suite("The output of a worker", .timeLimit(.minutes(5)))
struct WorkerOutputTests {
    private static let euros = String(repeating: "€", count: 1500)

    /// The pieces that are written, and the lines that are shown after each piece and at the end.
    private static let pieces: [(name: String, pieces: [String], shown: [[String]])] = [
        ("whole lines", ["a\nb\n"], [["a", "b"], []]),
        ("a line in pieces", ["a", "b", "c\n"], [[], [], ["abc"], []]),
        ("no line break at the end", ["a\nb"], [["a"], ["b"]]),
        ("empty lines", ["\n\na\n"], [["", "", "a"], []]),
        (
            "a line of the maximum length", [String(repeating: "x", count: 2048) + "\n"],
            [
                [String(repeating: "x", count: 2048)], [],
            ]
        ),
        (
            "a longer line, between its characters", [euros + "\n"],
            [
                [String(euros.prefix(682)), String(euros.prefix(682)), String(euros.prefix(136))], [],
            ]
        ),
        ("nothing", [], [[]]),
    ]

    @Test("output is shown line by line", arguments: pieces)
    func lines(name: String, pieces: [String], shown: [[String]]) throws {
        let lines = Lock<[String]>([])
        func take() -> [String] {
            lines.withLock { lines in
                defer { lines = [] }
                return lines
            }
        }
        let pipe = try Pipe()
        defer { pipe.close() }
        var output = WorkerOutput(pipe.reader) { line in lines.withLock { $0.append(line) } }
        var rounds: [[String]] = []
        for piece in pieces {
            pipe.write(piece)
            let isOpen = output.read()
            #expect(isOpen)
            rounds.append(take())
        }
        output.finishLine()
        #expect(!output.isUnfinished)
        #expect(rounds + [take()] == shown)
    }

    @Test("output beyond the limit of lines per second is dropped, and the dropped bytes are counted")
    func flood() throws {
        let lines = Lock<[String]>([])
        let pipe = try Pipe()
        defer { pipe.close() }
        var written = 0
        var output = WorkerOutput(pipe.reader) { line in lines.withLock { $0.append(line) } }
        for _ in 0..<200 {
            let block = String(repeating: "0123456\n", count: 4096)
            pipe.write(block)
            written += block.utf8.count
            output.read()
        }
        output.finishLine()
        #expect(output.text.utf8.count == 4096)
        let shown = lines.withLock { $0.filter { $0 == "0123456" } }
        let dropped = lines.withLock { $0.filter { $0 != "0123456" } }.compactMap { note in
            note.wholeMatch(of: /\[(\d+) bytes came too fast and were dropped\]/).flatMap { Int($0.1) }
        }
        #expect(lines.withLock { $0.count } == shown.count + dropped.count)
        #expect(shown.count * 8 + dropped.reduce(0, +) == written)
        #expect(!dropped.isEmpty)
    }

    @Test("the end of the output is recorded for the report of a crash even if its lines are not shown")
    func tail() throws {
        let pipe = try Pipe()
        defer { pipe.close() }
        var output = WorkerOutput(pipe.reader, nil)
        pipe.write(String(repeating: "x", count: 5000) + "\nthe end")
        let isOpen = output.read()
        #expect(isOpen)
        #expect(!output.isUnfinished)
        #expect(output.text.hasSuffix("x\nthe end") && output.text.utf8.count == 4096)
        pipe.close()
        let isOpenAfterwards = output.read()
        #expect(!isOpenAfterwards)
    }
}

/// A pipe whose reader does not block.
private final class Pipe {
    let reader: FileDescriptor
    private var writer: FileDescriptor?

    init() throws {
        let ends = try FileDescriptor.pipe(options: [.closeOnExec, .nonBlocking])
        (reader, writer) = (ends.readEnd, ends.writeEnd)
    }

    deinit {
        close()
        try? reader.close()
    }

    func write(_ text: String) {
        let count = try? writer?.writeAll(text.utf8)
        #expect(count == text.utf8.count)
    }

    func close() {
        try? writer?.close()
        writer = nil
    }
}
