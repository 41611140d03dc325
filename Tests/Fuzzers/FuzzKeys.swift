@testable import Terminal

/// Decodes any bytes as the input of a terminal, and edits a line with the keys.
///
/// The first bytes select the size and the kind of the terminal, the request, and the size of the pieces. Each change
/// must leave the screen that a new drawing shows, without control characters of the input. A complete line is parsed as
/// a command, searched for paths, and stored in the history.
@c(LLVMFuzzerTestOneInput)
public func fuzzKeys(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    guard bytes.count > 4 else { return 0 }
    checkRecord(bytes[4...])
    var session = Session(bytes[0], bytes[1], bytes[2])
    var decoder = KeyDecoder()
    var rest = bytes[4...]
    while !rest.isEmpty {
        let piece = rest.prefix(Int(bytes[3] & 0x7F) + 1)
        rest = rest.dropFirst(piece.count)
        for key in decoder.decode(piece) { session.handle(key) }
        session.compare()
        // A pause between the pieces resolves what is incomplete.
        if bytes[3] & 0x80 != 0 { for key in decoder.timeOut() { session.handle(key) } }
    }
    for key in decoder.timeOut() { session.handle(key) }
    session.compare()
    return 0
}

/// Reads any bytes as a line of the file with the history.
private func checkRecord(_ bytes: ArraySlice<UInt8>) {
    guard let text = LineText(record: bytes) else { return }
    checkText(text)
    precondition(LineText(record: text.record[...]) == text, "a line of the history changed")
}

private func checkText(_ text: LineText) {
    precondition(String(validating: text.utf8, as: UTF8.self) != nil, "the text of a line is not UTF-8")
    var end = 0
    for range in text.pasted {
        precondition(end <= range.lowerBound && !range.isEmpty, "pasted parts are out of order")
        end = range.upperBound
    }
    precondition(end <= text.utf8.count, "a pasted part is beyond the end of the text")
    precondition(text.parts.map(\.text).joined().utf8.elementsEqual(text.utf8), "the parts are not the text")
}

/// An editor without a terminal: the state of the line, and the screen on which it is drawn.
private struct Session {
    private static let prompts = ["> ", "", "[y]es [n]o [a]lways [e]xplain: ", "\u{1B}[1m> \u{1B}[0m"]
    private static let tools = ["add", "add_all", "ad\u{1B}[2J", "日本", "\u{202E}", "", "a b"]

    private var machine: LineStateMachine
    private var drawing: LineDrawing
    private let layout: LineLayout
    private var screen: EmulatedScreen
    private var history: [LineText] = [
        LineText("first"), LineText([.init("a\n"), .init("b\t\u{1B}", isPasted: true)]),
    ]

    /// True if every row must fit the terminal; a narrower one cannot show the prompt of a search.
    private var isWide: Bool { layout.size.columns >= 20 && !layout.isPlain }

    init(_ width: UInt8, _ height: UInt8, _ flags: UInt8) {
        let size = (rows: Int(height % 32) + 1, columns: Int(width % 128) + 1)
        let isPlain = flags & 1 != 0
        machine = LineStateMachine(history: history, isAnswer: flags & 2 != 0)
        drawing = LineDrawing(isPlain: isPlain)
        layout = LineLayout(
            prompt: Self.prompts[Int(flags >> 2) % (isPlain ? 3 : 4)],
            size: size,
            hasStyles: flags & 16 != 0 && !isPlain,
            isPlain: isPlain
        )
        screen = EmulatedScreen(rows: size.rows, columns: size.columns)
        draw()
    }

    mutating func handle(_ key: Key) {
        check(key)
        var outcome = machine.handle(key)
        if case .completionNeeded(let text) = outcome {
            outcome = machine.complete(SlashCommand.completion(of: text, tools: Self.tools) { Self.tools.reversed() })
        }
        switch outcome {
        case .accepted: accept()
        case .cleared: machine.clear()
        case .screenCleared:
            drawing.forget()
            screen = EmulatedScreen(rows: layout.size.rows, columns: layout.size.columns)
        default: break
        }
        draw()
    }

    private func check(_ key: Key) {
        guard case .text(let text) = key else { return }
        precondition(
            text.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F..<0xA0 ~= $0.value) },
            "typed text has control characters"
        )
    }

    // MARK: - Lines

    private mutating func accept() {
        write(drawing.end())
        let line = machine.takeLine()
        checkText(line)
        if !line.isEmpty { history = history.suffix(8) + [line] }
        checkCommand(line)
        machine.setHistory(history)
    }

    private func checkCommand(_ line: LineText) {
        do throws(SlashCommandError) {
            if case .tool(let name, _)? = try SlashCommand(parsing: line) {
                precondition(!name.isEmpty && !name.contains(where: \.isWhitespace), "the name of a tool is none")
            }
        } catch {
            precondition(error.message.hasPrefix("U") || error.message.hasPrefix("/think"), "an error has no reason")
        }
        let typed = line.parts.filter { !$0.isPasted }.map(\.text)
        let paths = line.typedPaths
        precondition(paths.count <= 64 && Set(paths).count == paths.count, "there are too many paths")
        for path in paths {
            precondition(typed.contains { $0.contains(path) }, "a path was not typed")
        }
    }

    // MARK: - Rows

    private mutating func draw() {
        let buffer = machine.text
        checkText(buffer)
        precondition(0...buffer.utf8.count ~= machine.cursor, "the cursor is outside of the text")
        let isBoundary = machine.cursor == buffer.utf8.count || buffer.utf8[machine.cursor] & 0xC0 != 0x80
        precondition(isBoundary, "the cursor is inside of a scalar")
        let frame = layout.frame(machine)
        precondition(frame.rows.indices ~= frame.cursorRow, "the cursor is outside of the rows")
        for row in frame.rows + [frame.cursorPrefix] { check(row) }
        write(drawing.show(frame))
    }

    /// Checks that the screen shows what a new drawing shows.
    func compare() {
        guard isWide, layout.size.rows >= 8 else { return }
        var fresh = LineDrawing(isPlain: false)
        var expected = EmulatedScreen(rows: layout.size.rows, columns: layout.size.columns)
        expected.write(fresh.show(layout.frame(machine)))
        precondition(screen.rows.suffix(expected.rows.count) == expected.rows[...], "the screen shows another line")
        precondition(screen.beforeCursor == expected.beforeCursor, "the cursor is at another place")
    }

    /// Checks that a row has no other escape sequences than complete styles, and fits the terminal.
    private func check(_ row: String) {
        var rest = row.unicodeScalars[...]
        var isStyled = false
        while let scalar = rest.popFirst() {
            if scalar == "\u{1B}" {
                let style = String(String.UnicodeScalarView(rest.prefix(3)))
                rest = rest.dropFirst(3)
                precondition(style == "[0m" || !isStyled && (style == "[1m" || style == "[2m"), "a row has a sequence")
                isStyled = style != "[0m"
            } else {
                // A joiner is a part of an emoji.
                precondition(TerminalText.isSafe(scalar) || scalar == "\u{200D}", "a row has a hidden character")
            }
        }
        precondition(!isStyled, "the style of a row has no end")
        precondition(!isWide || LineLayout.width(row) < layout.size.columns, "a row is wider than the terminal")
    }

    private mutating func write(_ output: String) {
        if layout.isPlain {
            precondition(!output.unicodeScalars.contains("\u{1B}"), "a terminal without movement gets a sequence")
        }
        screen.write(output)
        precondition(screen.unknown.isEmpty, "the output has an unknown sequence")
    }
}
