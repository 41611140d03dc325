import Glibc

/// The line on the terminal with its state; a lock protects it while output is written.
struct OpenLine {
    var machine = LineStateMachine()
    var layout: LineLayout
    private var drawing: LineDrawing
    /// True from the prompt to the end of the line.
    private(set) var isOpen = false
    private let output: Int32

    init(output: Int32, hasStyles: Bool, isPlain: Bool) {
        self.output = output
        layout = LineLayout(prompt: "", size: (24, 80), hasStyles: hasStyles && !isPlain, isPlain: isPlain)
        drawing = LineDrawing(isPlain: isPlain)
    }

    /// True if the terminal takes no output now, such as after Ctrl-S.
    var isBlocked: Bool {
        var entry = pollfd(fd: output, events: Int16(POLLOUT), revents: 0)
        return poll(&entry, 1, 0) == 0
    }

    mutating func open(_ prompt: String, _ machine: LineStateMachine) {
        layout.prompt = prompt
        self.machine = machine
        isOpen = true
        show()
    }

    /// Shows the state of the line.
    mutating func show() {
        guard isOpen else { return }
        var size = winsize()
        if ioctl(output, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 0, size.ws_col > 0 {
            layout.size = (Int(size.ws_row), Int(size.ws_col))
        }
        write(drawing.show(layout.frame(machine)))
    }

    /// Removes the line from the terminal.
    mutating func hide() { write(drawing.erase()) }

    /// Shows the line again in the row of the cursor, wherever it was before.
    mutating func showAgain() {
        drawing.forget()
        guard isOpen else { return }
        write(layout.isPlain ? "\r" : "\r\u{1B}[J")
        show()
    }

    /// Shows the line in an empty screen.
    mutating func clearScreen() {
        if !layout.isPlain { write("\u{1B}[H\u{1B}[2J") }
        showAgain()
    }

    /// Leaves the line on the terminal, and the cursor in the row after it.
    ///
    /// - Parameter mark: Text after the line.
    mutating func leave(_ mark: String = "") {
        guard drawing.isShown else { return }
        machine.moveToEnd()
        show()
        write(mark)
        write(drawing.end())
    }

    /// Leaves the line, and closes it.
    mutating func close() {
        leave()
        isOpen = false
    }

    func ring() { write("\u{7}") }

    private func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            var start = 0
            while start < bytes.count {
                let count = Glibc.write(output, bytes.baseAddress.map { $0 + start }, bytes.count - start)
                if count > 0 {
                    start += count
                } else if errno == EAGAIN {
                    // Another process that shares the descriptor has made it non-blocking.
                    var entry = pollfd(fd: output, events: Int16(POLLOUT), revents: 0)
                    poll(&entry, 1, -1)
                } else if errno != EINTR {
                    // The terminal is closed, which the next read reports.
                    return
                }
            }
        }
    }
}
