import Glibc
import SystemPackage
import ToolRuntime

/// The output that a worker process writes to its standard output and error.
///
/// The last of it is stored for the report of a crash. If the host shows the output, each line is passed on when it
/// arrives, at most ``linesPerSecond`` of them; a note replaces the others.
struct WorkerOutput {
    private let descriptor: FileDescriptor
    private let show: (@Sendable (String) -> Void)?
    private var tail: [UInt8] = []
    /// The bytes of the line that has not ended yet.
    private var line: [UInt8] = []
    private var allowance = MessageAllowance(perSecond: Self.linesPerSecond)
    private var droppedBytes = 0
    private var notes = MessageAllowance(perSecond: Self.notesPerSecond)
    /// Reused, because output is also read after each message.
    private var buffer: [UInt8] = []

    static let linesPerSecond = 200
    private static let notesPerSecond = 20
    /// The maximum length of a line; a longer one is shown as several.
    static let lineBytes = 2 << 10
    private static let tailBytes = 4 << 10
    /// The capacity of a pipe in bytes.
    private static let pipeBytes = 64 << 10

    /// - Parameters:
    ///   - descriptor: The non-blocking end of the pipe that the process writes to.
    ///   - show: Called with each line, without its line break; nil if the output is not shown.
    init(_ descriptor: FileDescriptor, _ show: (@Sendable (String) -> Void)?) {
        (self.descriptor, self.show) = (descriptor, show)
    }

    /// The last 4 KiB of the output.
    var text: String { String(decoding: tail, as: UTF8.self) }

    /// True if ``finishLine()`` has something to show.
    var isUnfinished: Bool { !line.isEmpty || droppedBytes > 0 }

    /// Reads what has arrived, at most the capacity of a pipe.
    ///
    /// - Returns: False at the end of the output.
    @discardableResult
    mutating func read() -> Bool {
        if buffer.isEmpty { buffer = [UInt8](repeating: 0, count: Self.pipeBytes) }
        let count: Int
        do {
            count = try buffer.withUnsafeMutableBytes { try descriptor.read(into: $0) }
        } catch {
            return error as? Errno == .wouldBlock
        }
        guard count > 0 else { return false }
        tail += buffer[..<count].suffix(Self.tailBytes)
        if tail.count > Self.tailBytes { tail.removeFirst(tail.count - Self.tailBytes) }
        if show != nil { add(buffer[..<count]) }
        return true
    }

    /// True if output has arrived that a message must not precede.
    var isDue: Bool {
        guard show != nil else { return false }
        var source = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
        return isUnfinished || poll(&source, 1, 0) > 0 && source.revents & Int16(POLLIN) != 0
    }

    /// Reads what the process wrote before a message that has just arrived, so that the lines are shown before its
    /// effects.
    mutating func catchUp() {
        if show != nil { read() }
    }

    /// Shows the line that has not ended yet, and the number of the bytes that were dropped.
    mutating func finishLine() {
        if !line.isEmpty { showLine() }
        showDropped()
    }

    private mutating func add(_ bytes: ArraySlice<UInt8>) {
        var rest = bytes
        while let first = rest.first {
            if first == UInt8(ascii: "\n") {
                showLine()
                rest = rest.dropFirst()
                continue
            }
            if line.count >= Self.lineBytes { showPiece() }
            let room = rest.prefix(Self.lineBytes - line.count)
            let part = room[..<(room.firstIndex(of: UInt8(ascii: "\n")) ?? room.endIndex)]
            line += part
            rest = rest[part.endIndex...]
        }
    }

    /// Shows a part of a long line.
    ///
    /// A last character of several bytes is held back, because the rest of it may follow.
    private mutating func showPiece() {
        var heldBack: [UInt8] = []
        if let start = line.lastIndex(where: { $0 & 0xC0 != 0x80 }), line[start] >= 0xC0, line.count - start < 4 {
            heldBack = Array(line[start...])
            line.removeLast(heldBack.count)
        }
        showLine()
        line = heldBack
    }

    private mutating func showLine() {
        defer { line.removeAll(keepingCapacity: true) }
        guard allowance.take() else { return droppedBytes += line.count + 1 }
        showDropped()
        show?(String(decoding: line, as: UTF8.self))
    }

    private mutating func showDropped() {
        guard droppedBytes > 0, notes.take() else { return }
        show?("[\(droppedBytes) bytes came too fast and were dropped]")
        droppedBytes = 0
    }
}
