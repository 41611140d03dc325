import Foundation
import TestSupport

/// The terminal emulator pyte in a process of Python, against which ``TerminalScreen`` is checked.
///
/// It has no dim text, and no characters of several scalars that are not letters with marks.
enum Pyte {
    /// An event of a terminal.
    enum Event {
        case size(rows: Int, columns: Int)
        case output([UInt8])
        /// The screen at this moment is wanted.
        case snapshot
    }

    /// A screen: its rows without the spaces at their end, and the cursor.
    struct Screen: Decodable, Equatable, CustomStringConvertible {
        var rows: [String]
        var row: Int
        var column: Int

        init(rows: [String], row: Int, column: Int) { (self.rows, self.row, self.column) = (rows, row, column) }

        /// The same of the tests' own screen.
        init(_ screen: TerminalScreen) {
            let shown = screen.rows.map { row in
                var row = row[...]
                while row.last == " " { row.removeLast() }
                return String(row)
            }
            (rows, row, column) = (Self.trimmed(shown), screen.cursor.row, screen.cursor.column)
        }

        static func trimmed(_ rows: [String]) -> [String] {
            var rows = rows
            while rows.last?.isEmpty == true { rows.removeLast() }
            return rows
        }

        var description: String { (rows + ["cursor \(row), \(column)"]).joined(separator: "\n") }
    }

    /// The interpreter for which Debian's package python3-pyte is installed.
    private static let interpreter = "/usr/bin/python3"

    static let isInstalled: Bool = {
        guard access(interpreter, X_OK) == 0 else { return false }
        let null = open("/dev/null", O_WRONLY | O_CLOEXEC)
        defer { close(null) }
        return (try? ChildProcess([interpreter, "-c", "import pyte"], output: null).wait()) == 0
    }()

    private static let program = """
        import base64, json, sys, pyte
        screen = stream = None
        screens = []
        for line in open(sys.argv[1]):
            kind, *words = line.split()
            if kind == "size" and screen:
                screen.resize(int(words[0]), int(words[1]))
            elif kind == "size":
                screen = pyte.Screen(int(words[1]), int(words[0]))
                stream = pyte.ByteStream(screen)
            elif kind == "output":
                stream.feed(base64.b64decode(words[0]))
            else:
                rows = ["".join(screen.buffer[y][x].data for x in range(screen.columns)).rstrip(" ")
                    for y in range(screen.lines)]
                screens.append({"rows": rows, "row": screen.cursor.y, "column": screen.cursor.x})
        print(json.dumps(screens))
        """

    /// Returns the screen at each snapshot.
    static func screens(_ events: [Event]) throws -> [Screen] {
        let directory = try FixtureDirectory()
        let lines = events.map { event in
            switch event {
            case .size(let rows, let columns): "size \(rows) \(columns)\n"
            case .output(let bytes): "output \(Data(bytes).base64EncodedString())\n"
            case .snapshot: "snapshot\n"
            }
        }
        let input = try directory.file("events", lines.joined().utf8)
        let path = try directory.file("screens", [])
        let output = open(path, O_WRONLY | O_CLOEXEC)
        defer { close(output) }
        let status = try ChildProcess([interpreter, "-c", program, input], output: output).wait()
        let bytes = try Data(contentsOf: URL(filePath: path))
        guard status == 0 else { throw Command.Failure(description: String(decoding: bytes, as: UTF8.self)) }
        return try JSONDecoder().decode([Screen].self, from: bytes).map { screen in
            Screen(rows: Screen.trimmed(screen.rows), row: screen.row, column: screen.column)
        }
    }
}
